"""The faces, what people touch: command line, dashboard, store service, supervisor."""
