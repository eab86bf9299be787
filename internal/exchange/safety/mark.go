package safety

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Mark says that a data folder was restored, and from what. It stays in the
// folder, so that operators see it and no backup continues one from before.
type Mark struct {
	Format   string    `json:"format"`
	At       time.Time `json:"at"` // of the restoring
	Backup   string    `json:"backup"`
	Taken    time.Time `json:"taken"` // of the backup
	Journal  string    `json:"journal"`
	Position uint64    `json:"position"` // last record that was restored
	LogSize  uint64    `json:"logSize"`
	Lost     *Lost     `json:"lost,omitempty"` // what is known to have existed since
	// Successor is the journal that goes on for the restored one; empty where that one
	// itself goes on.
	Successor string `json:"successor,omitempty"`
}

// Lost is what an older backup does not bring back.
type Lost struct {
	From  uint64    `json:"from,omitempty"` // records of the journal
	To    uint64    `json:"to,omitempty"`
	Until time.Time `json:"until,omitzero"` // when the newer state was seen
	// Entries of the transparency log.
	LogFrom uint64 `json:"logFrom,omitempty"`
	LogTo   uint64 `json:"logTo,omitempty"`
}

const markFormat = "simpul/restored/1"

// ReadMark returns nil for a folder that was never restored.
func ReadMark(data string) (*Mark, error) {
	text, err := os.ReadFile(filepath.Join(data, restoredName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	m := &Mark{}
	if err := json.Unmarshal(text, m); err != nil || m.Format != markFormat {
		return nil, errors.Join(err, errors.New(restoredName+" is not a mark of restoring"))
	}
	return m, nil
}

// Interrupted reports whether restoring into the folder did not come to its end,
// so that what is there is not to be used.
func Interrupted(data string) bool {
	_, err := os.Lstat(filepath.Join(data, restoringName))
	return err == nil
}
