"""What there is, resource by resource: each as its pages have it, through queries and actions."""
