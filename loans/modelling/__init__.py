"""The network's model as a picture: what it means, trying it, drafts with their preview, versions."""
