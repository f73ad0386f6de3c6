"""A lock service for clients that may crash, over a network that keeps no promises."""
