"""The transports: each sends one request with one library. Imported when a client is made."""
