"""What came in, what is to be sent, what is due: the durable core's values, ports and loops."""
