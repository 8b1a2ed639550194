"""The drivers: each runs the exchange in one way of waiting."""
