package vault

import (
	"encoding/binary"

	"simpul"
)

// Place is where a sealed value stands. A value opens in its own place only.
type Place struct {
	Tenant simpul.AgencyID // empty for what belongs to the hub itself
	Table  string
	Row    string // the row's key, which never changes
	Column string
}

// placeFormat begins every encoding, so that another encoding can follow.
const placeFormat = "simpul/place/1"

// associated encodes the place as the associated data of the encryption. Every
// part follows its length, so no two places have the same encoding.
func (p Place) associated() []byte {
	return encode(placeFormat, string(p.Tenant), p.Table, p.Row, p.Column)
}

// complete reports whether the place names one value.
func (p Place) complete() bool { return p.Table != "" && p.Row != "" && p.Column != "" }

// encode writes every part behind its length, 8 octets.
func encode(parts ...string) []byte {
	var b []byte
	for _, part := range parts {
		b = binary.BigEndian.AppendUint64(b, uint64(len(part)))
		b = append(b, part...)
	}
	return b
}
