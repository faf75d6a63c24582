"""What the figures share: measuring a command, the peers, the document and its charts."""
