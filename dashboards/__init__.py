"""What people look at: pages, charts, reports, as pure functions of a snapshot."""
