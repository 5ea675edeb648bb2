"""What a result was made with: the protocol lock, versions, hardware."""
