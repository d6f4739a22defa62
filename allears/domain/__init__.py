"""What a feedback item, a customer, a case and an owner are, and the pure rules that move them."""
