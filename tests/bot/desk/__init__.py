"""The desk: what arrives from chat, and what comes back."""
