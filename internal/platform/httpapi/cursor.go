package httpapi

import (
	"encoding/base64"

	"simpul"
)

// EncodeCursor makes the opaque cursor of the page after the key.
func EncodeCursor(key string) string { return base64.RawURLEncoding.EncodeToString([]byte(key)) }

// DecodeCursor returns the key of a cursor; an empty cursor is the beginning.
func DecodeCursor(cursor string) (string, error) {
	key, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || !plain(string(key)) {
		return "", simpul.Invalid("query.cursor",
			simpul.Text{ID: "Kursor tidak sah.", EN: "The cursor is not valid."},
			simpul.Text{ID: "Gunakan nilai next dari halaman sebelumnya, atau hilangkan cursor.", EN: "Use the value of next from the page before, or leave cursor out."})
	}
	return string(key), nil
}

// listPage asks for one entry more than the page holds, to learn whether
// another page follows.
func listPage[S any](in *listInput, list func(Page) ([]Stored[S], error)) (List[Stored[S]], error) {
	after, err := DecodeCursor(in.Cursor)
	if err != nil {
		return List[Stored[S]]{}, err
	}
	items, err := list(Page{Limit: in.Limit + 1, After: after})
	if err != nil {
		return List[Stored[S]]{}, err
	}
	if len(items) <= in.Limit {
		return List[Stored[S]]{Items: items}, nil
	}
	items = items[:in.Limit]
	return List[Stored[S]]{Items: items, Next: EncodeCursor(items[in.Limit-1].ID)}, nil
}
