package cache

import "simpul"

// Forget makes what is kept of a LID void, and returns how many answers that were.
func (c *Cache) Forget(address simpul.Address) int {
	c.epochs.endLID(address)
	return c.memory.sweep(func(e *entry) bool { return e.address == address })
}

// ForgetGrants makes what is kept for grants void.
func (c *Cache) ForgetGrants(ids []simpul.GrantID) {
	for _, id := range ids {
		c.epochs.endGrant(id)
	}
}
