"""What the clients are made of. Nothing here is public."""
