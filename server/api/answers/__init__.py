"""The shapes of answers that no other door gives, described as those of `dashboards.documents`."""
