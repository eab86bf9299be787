// Package checksum is the door to files that have no checksum of their own: it
// writes down, block by block, what they hold when a hub stops, and says later
// which block is no longer so.
//
// The journal checks each of its records, and the transparency log its tiles. A
// SQLite database does neither: a byte that flips within a text is still a text.
// So the hub, when it has closed its database and all else, writes [Name] into
// its data folder, and removes it before it opens the database again. While the
// file is there nobody may have changed what it covers.
//
// A sum is a CRC-32C over [Block] bytes. It finds every flipped byte, and every
// burst of up to 32 bits; it finds accidents, not forgers.
package checksum
