"""The rules of tasks, leases, suggestions and credit: pure, with the time as an argument."""
