package sqldb

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Kind is what a column holds, on either engine.
type Kind string

// The kinds of columns.
const (
	KindText    Kind = "text"
	KindInteger Kind = "integer"
	KindBoolean Kind = "boolean"
	KindBytes   Kind = "bytes"
	KindReal    Kind = "real"
)

// Column is one column of a table.
type Column struct {
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
}

// Table is one table of the schema, without the bookkeeping of migrations.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
	Key     []string `json:"key"` // columns of the primary key, in its order
}

// Row is one row: nil, int64, bool, string, []byte or float64 for each column.
type Row []any

// A packed row is, for each value, one byte that says what follows, and that:
// nothing for NULL and booleans, a zigzag varint for an integer, eight bytes
// (big-endian IEEE 754) for a real, and for text and bytes their length as a
// uvarint before them. It is the same on both engines.
const (
	tagNull = iota
	tagFalse
	tagTrue
	tagInteger
	tagReal
	tagText
	tagBytes
)

// Pack appends the row to dst.
func (r Row) Pack(dst []byte) ([]byte, error) {
	for _, value := range r {
		switch v := value.(type) {
		case nil:
			dst = append(dst, tagNull)
		case bool:
			dst = append(dst, flagOf(v))
		case int64:
			dst = binary.AppendVarint(append(dst, tagInteger), v)
		case float64:
			dst = binary.BigEndian.AppendUint64(append(dst, tagReal), math.Float64bits(v))
		case string:
			dst = append(binary.AppendUvarint(append(dst, tagText), uint64(len(v))), v...)
		case []byte:
			dst = append(binary.AppendUvarint(append(dst, tagBytes), uint64(len(v))), v...)
		default:
			return dst, fmt.Errorf("a value of type %T", value)
		}
	}
	return dst, nil
}

func flagOf(b bool) byte {
	if b {
		return tagTrue
	}
	return tagFalse
}

var errRow = errors.New("not a packed row")

// UnpackRow reads what Pack wrote and refuses everything else. Texts and bytes
// are copies.
func UnpackRow(b []byte, columns int) (Row, error) {
	row := make(Row, 0, max(min(columns, len(b)), 0))
	for len(b) > 0 {
		if len(row) == columns {
			return nil, errRow
		}
		value, rest, err := unpackValue(b[0], b[1:])
		if err != nil {
			return nil, err
		}
		row, b = append(row, value), rest
	}
	if len(row) != columns {
		return nil, errRow
	}
	return row, nil
}

func unpackValue(tag byte, b []byte) (value any, rest []byte, err error) {
	switch tag {
	case tagNull:
		return nil, b, nil
	case tagFalse, tagTrue:
		return tag == tagTrue, b, nil
	case tagInteger:
		n, size := binary.Varint(b)
		if size <= 0 {
			return nil, nil, errRow
		}
		return n, b[size:], nil
	case tagReal:
		if len(b) < 8 {
			return nil, nil, errRow
		}
		return math.Float64frombits(binary.BigEndian.Uint64(b)), b[8:], nil
	case tagText, tagBytes:
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size) {
			return nil, nil, errRow
		}
		part := b[size : size+int(n)]
		if tag == tagText {
			return string(part), b[size+int(n):], nil
		}
		return append([]byte{}, part...), b[size+int(n):], nil
	}
	return nil, nil, errRow
}

// Sum tells the contents of two tables apart, in whatever order their rows are
// read: how many there are, and the sum of their SHA-256 digests modulo 2^256.
// It finds accidents; that nobody composed rows to the same sum, it cannot say.
type Sum struct {
	Rows   int64
	Digest [sha256.Size]byte
}

// Add counts one packed row.
func (s *Sum) Add(packed []byte) {
	s.Rows++
	row, carry := sha256.Sum256(packed), uint16(0)
	for i := len(row) - 1; i >= 0; i-- {
		carry += uint16(row[i]) + uint16(s.Digest[i])
		s.Digest[i] = byte(carry)
		carry >>= 8
	}
}

// canonical makes a value what Row says, whatever the engine's driver returns.
func canonical(kind Kind, value any) (any, error) {
	switch v := value.(type) {
	case nil:
		return nil, nil
	case int64:
		if kind == KindBoolean {
			return v != 0, nil
		}
		return v, nil
	case int32:
		return int64(v), nil
	case int16:
		return int64(v), nil
	case []byte:
		if kind == KindText {
			return string(v), nil
		}
		return v, nil
	case bool, string, float64:
		return v, nil
	}
	return nil, fmt.Errorf("a value of type %T", value)
}
