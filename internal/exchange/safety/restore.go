package safety

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/archive"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Restore brings a store back into an empty folder and an empty database.
type Restore struct {
	Data     string // folder; it may exist and must be empty
	Database string // URL; where the database is a file in the folder, with File set
	File     string // of a SQLite database below the folder; empty for one elsewhere
	KeyFile  string // where the hub looks for the vault's keys, absolute
	OpenKeys func(file string) (Vault, error)
	Now      clock.Clock
	// Renew ends the journal in the folder and begins another one, which it returns; nil
	// leaves it as it is.
	Renew func(data, cause string, at time.Time) (successor string, err error)

	create func(path string) (io.WriteCloser, error) // nil: the operating system's
}

// From is what is to be restored.
type From struct {
	Backups     []string // the full one, then those that continue it
	Keys        []archive.Identity
	Newest      string // a receipt or checkpoint of the newest state that is known; empty: those beside the backups
	AcceptOlder bool
	Continue    bool   // the journal goes on: the hub was stopped before the backup, and has never run since
	VaultFile   string // the vault's keys, where the backup does not have them
}

// Restored says what was brought back.
type Restored struct {
	Manifest Manifest
	Mark     Mark
	Keys     bool // the vault's keys are in place
}

// Run restores. When it fails, nothing is left in the folder.
func (r Restore) Run(ctx context.Context, from From) (done Restored, err error) {
	if r.create == nil {
		r.create = func(path string) (io.WriteCloser, error) {
			f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
			return synced{f}, err
		}
	}
	made, err := r.mustBeEmpty(ctx)
	if err != nil {
		return done, err
	}
	stage := staging{filepath.Join(r.Data, restoringName)}
	if err := os.MkdirAll(stage.store(), 0o700); err != nil {
		return done, archive.Unwritable(r.Data, err)
	}
	defer func() {
		if err == nil {
			return
		}
		os.RemoveAll(stage.dir)
		if made {
			os.Remove(r.Data)
		}
	}()
	m, err := r.unpack(ctx, from, stage)
	if err != nil {
		return done, err
	}
	lost, err := m.age(from)
	if err != nil {
		return done, err
	}
	if lost != nil && from.Continue {
		return done, cannotContinue(*lost)
	}
	if done.Keys, err = r.bringKeys(m, from, stage); err != nil {
		return done, err
	}
	done.Manifest = m
	done.Mark = Mark{markFormat, r.Now().UTC().Truncate(time.Millisecond), m.ID, m.At, m.Journal.ID, m.Journal.Position, m.Log.Size, lost, ""}
	if !from.Continue && r.Renew != nil {
		if done.Mark.Successor, err = r.Renew(stage.store(), done.Mark.cause(), done.Mark.At); err != nil {
			return done, fmt.Errorf("end the restored journal: %w", err)
		}
	}
	if err := r.bringDatabase(ctx, m, stage, done.Mark); err != nil {
		return done, fmt.Errorf("restore database: %w", err)
	}
	return done, r.finish(stage, done.Mark)
}

// synced is a file that is on disk once it is closed.
type synced struct{ *os.File }

// Close puts the file on disk.
func (s synced) Close() error { return errors.Join(s.File.Sync(), s.File.Close()) }

// staging is the folder in which a store is put together.
type staging struct{ dir string }

func (s staging) store() string { return filepath.Join(s.dir, "store") }
func (s staging) rows() string  { return filepath.Join(s.dir, "rows") }

// mustBeEmpty refuses to mix a restored store with anything, and reports whether
// it made the folder.
func (r Restore) mustBeEmpty(ctx context.Context) (made bool, err error) {
	names, err := os.ReadDir(r.Data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		made = true
	case err != nil:
		return false, archive.Unwritable(r.Data, err)
	case len(names) > 0:
		return false, notEmpty(r.Data)
	}
	if err := os.MkdirAll(r.Data, 0o700); err != nil {
		return false, archive.Unwritable(r.Data, err)
	}
	if r.File != "" {
		return made, nil
	}
	db, err := sqldb.Open(ctx, r.Database)
	if err != nil {
		return made, err
	}
	return made, errors.Join(db.MustBeEmpty(ctx), db.Close())
}

// unpack reads every backup of the chain to its end into the staging folder, and
// leaves there what the last manifest names, and nothing else.
func (r Restore) unpack(ctx context.Context, from From, stage staging) (Manifest, error) {
	if len(from.Backups) == 0 {
		return Manifest{}, broken("", words("tidak ada cadangan yang disebut", "no backup was named"))
	}
	var before *Manifest
	var beforeText []byte
	places := map[string]Copy{}
	for n, path := range from.Backups {
		last := n == len(from.Backups)-1
		m, text, err := readBackup(ctx, path, from.Keys, func(name string) (io.WriteCloser, error) { return r.place(stage, name, last) })
		if err != nil {
			return m, err
		}
		if err := m.follows(path, before, beforeText); err != nil {
			return m, err
		}
		for name, f := range m.files() {
			places[name] = Copy{File: f, In: m.ID}
		}
		before, beforeText = &m, text
	}
	if err := before.complete(places); err != nil {
		return *before, err
	}
	return *before, before.sweep(stage)
}

// place opens the file to which an entry goes. Rows and keys of a backup that
// another one continues are of no use.
func (r Restore) place(stage staging, name string, last bool) (io.WriteCloser, error) {
	dir := stage.store()
	if strings.HasPrefix(name, databasePart+"/") {
		dir = stage.rows()
	}
	if (dir == stage.rows() || name == keysName) && !last {
		return nil, nil
	}
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, archive.Unwritable(path, err)
	}
	w, err := r.create(path)
	if err != nil {
		return nil, archive.Unwritable(path, err)
	}
	return w, nil
}

// sweep removes what an earlier backup of the chain had and the last has not.
func (m Manifest) sweep(stage staging) error {
	wanted := map[string]bool{keysName: m.Keys != nil}
	for _, c := range m.copies() {
		wanted[c.Name] = true
	}
	return filepath.WalkDir(stage.store(), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(stage.store(), path)
		if err != nil || wanted[filepath.ToSlash(rel)] {
			return err
		}
		return os.Remove(path)
	})
}

// age compares the backup with the newest state that is known, and refuses one
// that is older unless that was accepted.
func (m Manifest) age(from From) (*Lost, error) {
	states := besides(from.Backups)
	if from.Newest != "" {
		k, err := readNewest(from.Newest)
		if err != nil {
			return nil, err
		}
		states = append(states, k)
	}
	var worst *Lost
	for _, k := range states {
		lost, err := m.behind(k)
		if err != nil {
			return nil, err
		}
		if lost == nil {
			continue
		}
		if !from.AcceptOlder {
			return nil, older(k.place, *lost)
		}
		worst = worst.with(*lost)
	}
	return worst, nil
}

// with is what both lose.
func (l *Lost) with(other Lost) *Lost {
	if l == nil {
		return &other
	}
	all := Lost{From: cmp.Or(l.From, other.From), To: max(l.To, other.To), LogFrom: cmp.Or(l.LogFrom, other.LogFrom), LogTo: max(l.LogTo, other.LogTo), Until: l.Until}
	if other.Until.After(all.Until) {
		all.Until = other.Until
	}
	return &all
}

// bringKeys puts the vault's keys into place, where there are any, and has them
// say whether the manifest was written by the hub whose keys they are.
func (r Restore) bringKeys(m Manifest, from From, stage staging) (bool, error) {
	path := filepath.Join(stage.store(), keysName)
	if m.Keys == nil && from.VaultFile == "" {
		return false, nil
	}
	if from.VaultFile != "" {
		text, err := os.ReadFile(from.VaultFile)
		if err == nil {
			err = os.WriteFile(path, text, 0o600)
		}
		if err != nil {
			return false, archive.Unwritable(from.VaultFile, err)
		}
	}
	vault, err := r.OpenKeys(path)
	if err != nil {
		return false, err
	}
	sum, err := m.authenticated()
	if err != nil {
		return false, err
	}
	if mac, err := vault.Digest(sum, macPurpose); err != nil || mac != m.MAC {
		return false, errors.Join(err, foreignKeys(cmp.Or(from.VaultFile, keysName)))
	}
	return true, nil
}

// bringDatabase loads the rows, compares them, brings the schema to this version,
// and writes into the audit trail what happened.
func (r Restore) bringDatabase(ctx context.Context, m Manifest, stage staging, mark Mark) error {
	url := r.Database
	if r.File != "" {
		url = "sqlite://" + filepath.Join(stage.store(), r.File)
	}
	db, err := sqldb.Open(ctx, url)
	if err != nil {
		return err
	}
	err = db.Load(ctx, m.Database.Versions, copied{stage.rows(), m.Database})
	if err == nil {
		err = db.Migrate(ctx)
	}
	if err == nil {
		err = db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
			return trail.Append(ctx, tx, trail.Event{At: mark.At, Actor: trail.Hub, Action: ActionRestore, Subject: m.ID, Detail: mark.detail()})
		})
	}
	if err = errors.Join(err, db.Close()); isFull(err) {
		return archive.Unwritable(r.Data, err)
	}
	return err
}

func isFull(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "disk is full") || strings.Contains(err.Error(), "no space left"))
}

// cause is why the restored journal ends, in one line for the first record of the next.
// Whether the hub went on after the backup nobody knows but whoever stopped it.
func (m Mark) cause() string {
	taken := m.Taken.Format(time.RFC3339)
	return "dipulihkan dari cadangan " + taken + " / restored from the backup of " + taken
}

func (m Mark) detail() string {
	text := fmt.Sprintf("backup of %s, journal up to record %d, log of %d entries", m.Taken.Format(time.RFC3339), m.Position, m.LogSize)
	if m.Lost != nil {
		text += "; lost: " + m.Lost.Words().EN
	}
	return text
}

// finish moves the store into the folder. Until the staging folder is gone, a hub
// refuses to start on it.
func (r Restore) finish(stage staging, mark Mark) error {
	if err := os.RemoveAll(stage.rows()); err != nil {
		return err
	}
	text, err := json.MarshalIndent(mark, "", " ")
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(stage.store(), restoredName), append(text, '\n')); err != nil {
		return err
	}
	names, err := os.ReadDir(stage.store())
	if err != nil {
		return err
	}
	if err := r.move(stage, names); err != nil {
		for _, n := range names {
			os.RemoveAll(filepath.Join(r.Data, n.Name()))
		}
		return err
	}
	return nil
}

func (r Restore) move(stage staging, names []fs.DirEntry) error {
	for _, n := range names {
		from, to := filepath.Join(stage.store(), n.Name()), filepath.Join(r.Data, n.Name())
		if n.Name() == keysName && r.KeyFile != to {
			if err := r.keepKeys(from); err != nil {
				return err
			}
			continue
		}
		if err := os.Rename(from, to); err != nil {
			return archive.Unwritable(to, err)
		}
	}
	if err := syncTree(r.Data); err != nil {
		return err
	}
	if err := os.RemoveAll(stage.dir); err != nil {
		return err
	}
	return syncDir(r.Data)
}

// keepKeys copies the keys to where the hub looks for them outside of its folder,
// unless they are there.
func (r Restore) keepKeys(from string) error {
	if _, err := os.Lstat(r.KeyFile); err == nil {
		return nil
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(r.KeyFile), 0o700); err != nil {
		return archive.Unwritable(r.KeyFile, err)
	}
	return writeFile(r.KeyFile, text)
}

// syncTree puts the names in all folders on disk; the files are there already.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return syncDir(path)
	})
}

func cannotContinue(l Lost) error {
	what := l.Words()
	return &simpul.Error{
		Code:    simpul.CodeConflict,
		Message: simpul.Text{ID: "Jurnal ini tidak boleh dilanjutkan: hub masih berjalan sesudah cadangan diambil. Yang hilang: " + what.ID + ".", EN: "This journal must not go on: the hub ran after the backup was taken. What is lost: " + what.EN + "."},
		Remedy:  simpul.Text{ID: "Hilangkan --continue: jurnal lama diakhiri, dan jurnal baru melanjutkannya.", EN: "Leave out --continue: the old journal is ended, and a new one goes on for it."},
	}
}

func notEmpty(data string) error {
	e := &simpul.Error{
		Code: simpul.CodeConflict, Place: data,
		Message: simpul.Text{ID: "Folder tujuan tidak kosong.", EN: "The folder to restore into is not empty."},
		Remedy:  simpul.Text{ID: "Sebutkan folder baru dengan --data. Tidak ada yang diubah.", EN: "Name a new folder with --data. Nothing was changed."},
	}
	if Interrupted(data) {
		e.Message = simpul.Text{ID: "Pemulihan ke folder ini pernah terhenti di tengah jalan.", EN: "Restoring into this folder was interrupted once."}
		e.Remedy = simpul.Text{ID: "Hapus isi folder ini, termasuk " + restoringName + ", lalu pulihkan lagi.", EN: "Delete what is in this folder, " + restoringName + " included, and restore again."}
	}
	return e
}

func foreignKeys(place string) error {
	return &simpul.Error{
		Code: simpul.CodeDenied, Place: place,
		Message: simpul.Text{ID: "Berkas kunci ini bukan milik hub yang membuat cadangan, atau daftar cadangan dipalsukan.", EN: "These keys are not those of the hub that made the backup, or its list was forged."},
		Remedy:  simpul.Text{ID: "Sebutkan berkas kunci hub itu dengan --vault. Bila sudah benar, jangan pakai cadangan ini.", EN: "Name that hub's key file with --vault. If it is the right one, do not use this backup."},
	}
}
