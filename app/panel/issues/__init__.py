"""Issues at GitHub, GitLab and Forgejo that are opened for messages."""
