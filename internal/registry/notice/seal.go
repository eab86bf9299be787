package notice

import (
	"encoding/base64"
	"encoding/json"
	"fmt"

	"simpul"
)

// Where sealed texts are.
const (
	entryTable   = "notice_entry"
	mailTable    = "notice_mail"
	sealedColumn = "sealed"
)

// words are the sealed part of an entry.
type words struct {
	Title simpul.Text `json:"title"`
	Body  simpul.Text `json:"body"`
}

func (s *Service) sealEntry(e Entry) (string, error) {
	return sealed(s.seal, words{e.Title, e.Body}, entryTable, e.ID)
}

func (s *Service) openEntry(e storedEntry) (Entry, error) {
	var w words
	err := opened(s.seal, e.sealed, entryTable, e.ID, &w)
	e.Title, e.Body = w.Title, w.Body
	return e.Entry, err
}

func (s *Service) openEntries(stored []storedEntry) ([]Entry, error) {
	all := make([]Entry, len(stored))
	for i, e := range stored {
		var err error
		if all[i], err = s.openEntry(e); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func sealed(with Sealer, value any, table, row string) (string, error) {
	plain, err := json.Marshal(value)
	if err != nil {
		return "", err
	}
	text, err := with.Seal(plain, table, row, sealedColumn)
	if err != nil {
		return "", fmt.Errorf("seal %s: %w", table, err)
	}
	return base64.StdEncoding.EncodeToString(text), nil
}

func opened(with Sealer, text, table, row string, value any) error {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return fmt.Errorf("open %s: %w", table, err)
	}
	plain, err := with.Open(raw, table, row, sealedColumn)
	if err != nil {
		return fmt.Errorf("open %s: %w", table, err)
	}
	return json.Unmarshal(plain, value)
}
