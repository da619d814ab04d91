"""What the store hands out: rows as frozen values. Times are in UTC and know it."""
