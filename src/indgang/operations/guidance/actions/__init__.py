"""What changes courses, deliveries and what stands beside them."""
