package safety

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"simpul/internal/platform/archive"
	"simpul/internal/platform/sqldb"
)

// Formats of what this room writes. Another form gets another number.
const (
	backupFormat  = "simpul/backup/1"
	receiptFormat = "simpul/receipt/1"
)

// Names in an archive. The manifest stands last, so that a whole one is known by
// it, and so that nothing needs to be read twice to write it.
const (
	manifestName = "manifest.json"
	databasePart = "database"
)

// Manifest says what a backup holds, of what, and since when.
type Manifest struct {
	Format   string        `json:"format"`
	ID       string        `json:"id"` // of this backup
	At       time.Time     `json:"at"` // before the first byte was read
	Version  string        `json:"version"`
	Since    *Link         `json:"since,omitempty"` // the backup that this one continues
	Database Database      `json:"database"`
	Log      Log           `json:"log"`
	Journal  JournalCopy   `json:"journal"`
	Ended    []JournalCopy `json:"ended,omitempty"` // journals that this one goes on for
	Keys     *archive.File `json:"keys,omitempty"`
	MAC      string        `json:"mac,omitempty"` // of all the above, under a key of the vault
}

// Link names another backup by what its manifest says.
type Link struct {
	ID     string `json:"id"`
	SHA256 string `json:"sha256"` // of its manifest
}

// Database is the copy of the database.
type Database struct {
	Engine   string      `json:"engine"`
	Versions []int64     `json:"versions"` // of migrations
	Tables   []TableCopy `json:"tables"`
}

// TableCopy is the copy of one table.
type TableCopy struct {
	sqldb.Table
	Rows  int64          `json:"rows"`
	Sum   string         `json:"sum"`   // see sqldb.Sum
	Parts []archive.File `json:"parts"` // packed rows
}

// JournalCopy is the copy of the journal.
type JournalCopy struct {
	ID       string `json:"id"`
	Position uint64 `json:"position"` // sequence of the last record
	Segments []Copy `json:"segments"`
	Beside   []Copy `json:"beside"` // files that stand beside the segments
}

// Log is the copy of the transparency log, with what its checkpoint says.
type Log struct {
	Origin string `json:"origin,omitempty"`
	Size   uint64 `json:"size"` // entries
	Root   string `json:"root,omitempty"`
	Files  []Copy `json:"files"`
}

// Copy is a file of the store and the backup that holds it.
type Copy struct {
	archive.File
	In     string `json:"in"`     // ID of the backup
	Closed bool   `json:"closed"` // it never changes again
}

// Receipt is what stays beside a backup in clear: enough to continue from it, to
// see that the file is as it was, and to tell which of two is newer. It says
// nothing of what the store holds.
type Receipt struct {
	Format  string        `json:"format"`
	ID      string        `json:"id"`
	At      time.Time     `json:"at"`
	Version string        `json:"version"`
	Since   *Link         `json:"since,omitempty"`
	SHA256  string        `json:"sha256"` // of the manifest
	Archive archive.File  `json:"archive"`
	Log     Log           `json:"log"`
	Journal JournalCopy   `json:"journal"`
	Ended   []JournalCopy `json:"ended,omitempty"`
}

func (m Manifest) encode() ([]byte, error) { return json.MarshalIndent(m, "", " ") }

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// authenticated is what the MAC covers.
func (m Manifest) authenticated() (string, error) {
	m.MAC = ""
	text, err := m.encode()
	return digest(text), err
}

const macPurpose = "backup/manifest"

var errManifest = errors.New("the manifest is not one")

// parseManifest reads what encode wrote and refuses everything else.
func parseManifest(text []byte) (m Manifest, err error) {
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("%w: %w", errManifest, err)
	}
	if m.Format != backupFormat {
		return m, fmt.Errorf("%w: format %q", errManifest, m.Format)
	}
	if again, err := m.encode(); err != nil || !bytes.Equal(again, text) {
		return m, fmt.Errorf("%w: it says more, or otherwise", errManifest)
	}
	return m, m.check()
}

var (
	hexID   = regexp.MustCompile(`^[0-9a-f]{16}$`)
	segment = regexp.MustCompile(`^(evidence(?:/[0-9a-f]{32})?)/[0-9]{20}\.seg$`)
	beside  = regexp.MustCompile(`^(evidence(?:/[0-9a-f]{32})?)/(blocks\.list|removed)$|^(evidence/[0-9a-f]{32})/ended$`)
	journal = regexp.MustCompile(`^[0-9a-f]{32}$`)
	table   = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
)

// check makes sure that every name is one that a backup has, in its own place.
func (m Manifest) check() error {
	if !hexID.MatchString(m.ID) || m.Since != nil && (!hexID.MatchString(m.Since.ID) || m.Since.ID == m.ID) {
		return fmt.Errorf("%w: identifier", errManifest)
	}
	if err := m.Journal.check(evidenceFolder); err != nil {
		return err
	}
	for _, j := range m.Ended {
		if !journal.MatchString(j.ID) {
			return fmt.Errorf("%w: journal %q", errManifest, j.ID)
		}
		if err := j.check(path.Join(evidenceFolder, j.ID)); err != nil {
			return err
		}
	}
	for _, c := range m.Log.Files {
		if !strings.HasPrefix(c.Name, logFolder+"/") || !archive.Plain(c.Name) {
			return fmt.Errorf("%w: file of the log %q", errManifest, c.Name)
		}
	}
	for _, t := range m.Database.Tables {
		if !table.MatchString(t.Name) {
			return fmt.Errorf("%w: table %q", errManifest, t.Name)
		}
		for n, part := range t.Parts {
			if part.Name != partName(t.Name, n) {
				return fmt.Errorf("%w: part %q", errManifest, part.Name)
			}
		}
	}
	if m.Keys != nil && m.Keys.Name != keysName {
		return fmt.Errorf("%w: keys %q", errManifest, m.Keys.Name)
	}
	return nil
}

// check makes sure that the files of a journal are in its own folder.
func (j JournalCopy) check(folder string) error {
	for _, c := range j.Segments {
		if !segment.MatchString(c.Name) || path.Dir(c.Name) != folder {
			return fmt.Errorf("%w: segment %q", errManifest, c.Name)
		}
	}
	for _, c := range j.Beside {
		if !beside.MatchString(c.Name) || path.Dir(c.Name) != folder {
			return fmt.Errorf("%w: file beside the journal %q", errManifest, c.Name)
		}
	}
	return nil
}

func partName(table string, n int) string {
	return path.Join(databasePart, table, fmt.Sprintf("%08d", n))
}

// copies are the files of the store, in whichever backup they are.
func (m Manifest) copies() []Copy {
	all := slices.Concat(m.Journal.Segments, m.Journal.Beside, m.Log.Files)
	for _, j := range m.Ended {
		all = slices.Concat(all, j.Segments, j.Beside)
	}
	return all
}

// files are those that this backup itself holds.
func (m Manifest) files() map[string]archive.File {
	all := map[string]archive.File{}
	for _, c := range m.copies() {
		if c.In == m.ID {
			all[c.Name] = c.File
		}
	}
	for _, t := range m.Database.Tables {
		for _, part := range t.Parts {
			all[part.Name] = part
		}
	}
	if m.Keys != nil {
		all[m.Keys.Name] = *m.Keys
	}
	return all
}

func (m Manifest) receipt(manifest []byte, whole archive.File) Receipt {
	return Receipt{
		Format: receiptFormat, ID: m.ID, At: m.At, Version: m.Version, Since: m.Since,
		SHA256: digest(manifest), Archive: whole, Log: m.Log, Journal: m.Journal, Ended: m.Ended,
	}
}
