"""The state, the services, the doors (web, API, Zulip, command line) and the pipeline."""
