"""What the clients cost, beside the bare libraries and the client they replace: see README.md."""
