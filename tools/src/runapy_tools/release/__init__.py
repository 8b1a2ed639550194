"""From a tag to files in the order of their publishing; the workflow runs these steps."""
