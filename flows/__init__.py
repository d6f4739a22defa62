"""When and in what order: Prefect flows over the use cases of the heart."""
