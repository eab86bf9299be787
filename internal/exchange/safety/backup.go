package safety

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"simpul"
	"simpul/internal/platform/archive"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/trail"
)

// Backup copies the store of a hub, which may be running.
type Backup struct {
	Data    string // folder
	DB      *sqldb.DB
	Journal Journal
	Vault   Vault  // by whose key the manifest is authenticated
	Version string // of the program
	Now     clock.Clock
}

// Wish is what somebody wants of a backup.
type Wish struct {
	Out      string // the file to make
	To       []archive.Recipient
	Since    string // an earlier backup, or its receipt, to continue from; empty: copy everything
	WithKeys bool   // the vault's keys, too, in clear within the encrypted file
}

// backing is one backup while it is taken.
type backing struct {
	Backup
	to       *archive.Writer
	manifest Manifest
	had      map[string]Copy // what never changes and the earlier backup has, by name
}

// Take makes a backup, and a receipt of it beside it. It holds some megabytes in
// memory, whatever the size of the store.
func (b Backup) Take(ctx context.Context, w Wish) (Receipt, error) {
	if len(w.To) == 0 {
		return Receipt{}, noRecipient()
	}
	k := &backing{Backup: b, had: map[string]Copy{}}
	k.manifest = Manifest{Format: backupFormat, ID: newID(), At: b.Now().UTC().Truncate(time.Millisecond), Version: b.Version}
	earlier, err := k.since(w.Since)
	if err != nil {
		return Receipt{}, err
	}
	if _, err := os.Lstat(w.Out + receiptSuffix); err == nil {
		return Receipt{}, archive.Unwritable(w.Out+receiptSuffix, fs.ErrExist)
	}
	if k.to, err = archive.Create(w.Out, w.To); err != nil {
		return Receipt{}, err
	}
	if err := k.copyAll(ctx, earlier, w.WithKeys); err != nil {
		k.to.Abort()
		return Receipt{}, err
	}
	text, err := k.seal()
	if err != nil {
		k.to.Abort()
		return Receipt{}, err
	}
	whole, err := k.to.Commit()
	if err != nil {
		return Receipt{}, err
	}
	r := k.manifest.receipt(text, whole)
	return r, errors.Join(writeReceipt(w.Out+receiptSuffix, r), b.note(ctx, r, w.WithKeys))
}

// note writes into the audit trail that a copy of everything has left the hub.
func (b Backup) note(ctx context.Context, r Receipt, keys bool) error {
	detail := fmt.Sprintf("journal up to record %d, log of %d entries, %d bytes", r.Journal.Position, r.Log.Size, r.Archive.Bytes)
	if keys {
		detail += ", with the hub's keys"
	}
	return b.DB.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		return trail.Append(ctx, tx, trail.Event{At: b.Now(), Actor: trail.Hub, Action: ActionBackup, Subject: r.ID, Detail: detail})
	})
}

// Actions in the audit trail.
const (
	ActionBackup  = "hub.backup"
	ActionRestore = "hub.restore"
)

func newID() string {
	var b [8]byte
	rand.Read(b[:]) // never fails since Go 1.24
	return hex.EncodeToString(b[:])
}

// copyAll copies in the order that the package promises.
func (b *backing) copyAll(ctx context.Context, earlier *Receipt, keys bool) error {
	if err := b.copyDatabase(ctx); err != nil {
		return fmt.Errorf("copy database: %w", err)
	}
	head, err := readHead(b.Data)
	if err == nil {
		err = b.copyLog(head)
	}
	if err != nil {
		return fmt.Errorf("copy transparency log: %w", err)
	}
	if err := b.copyJournal(ctx, earlier); err != nil {
		return fmt.Errorf("copy journal: %w", err)
	}
	if err := b.copyEnded(ctx); err != nil {
		return fmt.Errorf("copy journals that have ended: %w", err)
	}
	b.describe(head)
	if keys {
		return b.copyKeys()
	}
	return nil
}

func (b *backing) copyDatabase(ctx context.Context) error {
	return b.DB.Snapshot(ctx, func(s *sqldb.Snapshot) error {
		b.manifest.Database = Database{Engine: b.DB.Engine(), Versions: s.Versions, Tables: []TableCopy{}}
		for _, t := range s.Tables {
			made, err := copyTable(ctx, s, t, b.to)
			if err != nil {
				return err
			}
			b.manifest.Database.Tables = append(b.manifest.Database.Tables, made)
		}
		return nil
	})
}

func (b *backing) copyJournal(ctx context.Context, earlier *Receipt) error {
	j := &b.manifest.Journal
	*j = JournalCopy{Segments: []Copy{}, Beside: []Copy{}}
	if err := b.copyBeside(j, blocksName); err != nil {
		return err
	}
	s, err := b.Journal.Survey(b.Data)
	if err != nil {
		return err
	}
	j.ID, j.Position = s.ID, s.Last
	if err := b.continues(earlier, s); err != nil {
		return err
	}
	if err := b.copySegments(ctx, j, evidenceFolder, s); err != nil {
		return err
	}
	return b.copyBeside(j, removedName)
}

// copyEnded copies journals that have ended: of them nothing changes but what retention
// removes.
func (b *backing) copyEnded(ctx context.Context) error {
	all, err := b.Journal.Ended(b.Data)
	if err != nil {
		return err
	}
	for _, s := range all {
		folder := path.Join(evidenceFolder, s.ID)
		j := JournalCopy{ID: s.ID, Position: s.Last, Segments: []Copy{}, Beside: []Copy{}}
		err := b.copySegments(ctx, &j, folder, s)
		for _, name := range []string{path.Base(blocksName), path.Base(removedName), endedName} {
			if err == nil {
				err = b.copyBeside(&j, path.Join(folder, name))
			}
		}
		if err != nil {
			return err
		}
		b.manifest.Ended = append(b.manifest.Ended, j)
	}
	return nil
}

func (b *backing) copySegments(ctx context.Context, j *JournalCopy, folder string, s Survey) error {
	for _, segment := range s.Segments {
		if err := ctx.Err(); err != nil {
			return err
		}
		c, err := b.copySegment(folder, segment)
		if errors.Is(err, fs.ErrNotExist) && segment.Closed && len(j.Segments) == 0 {
			continue // its retention has just ended; what says so is copied afterwards
		}
		if err != nil {
			return err
		}
		j.Segments = append(j.Segments, c)
	}
	return nil
}

func (b *backing) copySegment(folder string, s Segment) (Copy, error) {
	name := path.Join(folder, s.Name)
	if had, ok := b.had[name]; ok {
		return had, nil
	}
	f, err := os.Open(filepath.Join(b.Data, filepath.FromSlash(name)))
	if err != nil {
		return Copy{}, err
	}
	defer f.Close()
	made, err := b.to.Add(name, s.Bytes, f)
	return Copy{File: made, In: b.manifest.ID, Closed: s.Closed}, err
}

func (b *backing) copyKeys() error {
	keys, err := b.Vault.Export()
	if err != nil {
		return err
	}
	f, err := b.to.AddBytes(keysName, keys)
	b.manifest.Keys = &f
	return err
}

// seal authenticates the manifest and writes it.
func (b *backing) seal() ([]byte, error) {
	sum, err := b.manifest.authenticated()
	if err != nil {
		return nil, err
	}
	if b.manifest.MAC, err = b.Vault.Digest(sum, macPurpose); err != nil {
		return nil, err
	}
	text, err := b.manifest.encode()
	if err != nil {
		return nil, err
	}
	_, err = b.to.AddBytes(manifestName, text)
	return text, err
}

// since reads the receipt of the backup to continue from.
func (b *backing) since(path string) (*Receipt, error) {
	if path == "" {
		return nil, nil
	}
	r, err := ReadReceipt(path)
	if err != nil {
		return nil, err
	}
	b.manifest.Since = &Link{ID: r.ID, SHA256: r.SHA256}
	for _, c := range (Manifest{Journal: r.Journal, Ended: r.Ended, Log: r.Log}).copies() {
		if c.Closed {
			b.had[c.Name] = c
		}
	}
	if mark, err := ReadMark(b.Data); err == nil && mark != nil && r.At.Before(mark.At) && r.ID != mark.Backup {
		return nil, notSince(path, words("folder data ini dipulihkan sesudah cadangan itu diambil", "this data folder was restored after that backup was taken"))
	}
	return &r, nil
}

// continues makes sure that the earlier backup is of this journal, and that what
// it has of it still stands here as it was.
func (b *backing) continues(earlier *Receipt, s Survey) error {
	if earlier == nil {
		return nil
	}
	if earlier.Journal.ID != s.ID {
		return notSince(earlier.ID, words("cadangan itu dari jurnal lain", "that backup is of another journal"))
	}
	if earlier.Journal.Position > s.Last {
		return notSince(earlier.ID, words("cadangan itu lebih baru daripada jurnal di sini", "that backup is newer than the journal here"))
	}
	now := map[string]int64{}
	for _, segment := range s.Segments {
		now[evidenceFolder+"/"+segment.Name] = segment.Bytes
	}
	for _, c := range earlier.Journal.Segments {
		bytes, ok := now[c.Name]
		if !ok && c.Name < evidenceFolder+"/"+s.Segments[0].Name {
			continue // its retention ended, as the journal itself says
		}
		if c.Closed && (!ok || bytes != c.Bytes) {
			return notSince(c.Name, words("berkas jurnal ini tidak sama lagi", "this file of the journal is no longer the same"))
		}
	}
	return nil
}

const receiptSuffix = ".receipt.json"

// mostReceipt bounds what is read as a receipt, bytes.
const mostReceipt = 256 << 20

// ReadReceipt reads the receipt of a backup, by its own name or the backup's.
func ReadReceipt(path string) (r Receipt, err error) {
	if !strings.HasSuffix(path, receiptSuffix) {
		path += receiptSuffix
	}
	f, err := os.Open(path)
	if err != nil {
		return r, noReceipt(path, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostReceipt))
	if err != nil {
		return r, noReceipt(path, err)
	}
	if err := json.Unmarshal(text, &r); err != nil || r.Format != receiptFormat || !hexID.MatchString(r.ID) || len(r.SHA256) != 64 {
		return r, noReceipt(path, errors.Join(err, errManifest))
	}
	return r, Manifest{ID: r.ID, Log: r.Log, Journal: r.Journal, Ended: r.Ended}.check()
}

func writeReceipt(path string, r Receipt) error {
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return writeFile(path, append(text, '\n'))
}

// writeFile writes a small file so that it is whole, on disk, or absent.
func writeFile(path string, text []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new")
	if err != nil {
		return archive.Unwritable(path, err)
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return archive.Unwritable(path, err)
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func noRecipient() error {
	return simpul.Invalid("recipient",
		simpul.Text{ID: "Cadangan tanpa penerima tidak dibuat: isinya akan terbaca siapa pun.", EN: "A backup without a recipient is not made: anyone could read it."},
		simpul.Text{ID: "Sebutkan --recipient age1…, --recipients BERKAS, atau --passphrase-file BERKAS.", EN: "Name --recipient age1…, --recipients FILE, or --passphrase-file FILE."})
}

func noReceipt(path string, cause error) error {
	return &simpul.Error{
		Code: simpul.CodeInvalid, Place: path, Err: cause,
		Message: simpul.Text{ID: "Tanda terima cadangan ini tidak ada atau tidak terbaca.", EN: "The receipt of this backup is missing or cannot be read."},
		Remedy:  simpul.Text{ID: "Sebutkan cadangan yang berkas " + receiptSuffix + "-nya masih ada di sebelahnya, atau ambil cadangan penuh tanpa --since.", EN: "Name a backup that still has its " + receiptSuffix + " beside it, or take a full backup without --since."},
	}
}

func notSince(place string, why simpul.Text) error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: place,
		Message: simpul.Text{ID: "Cadangan tambahan tidak dapat melanjutkan cadangan itu: " + why.ID + ".", EN: "An incremental backup cannot continue that one: " + why.EN + "."},
		Remedy:  simpul.Text{ID: "Ambil cadangan penuh tanpa --since, dan jalankan simpul fsck bila Anda tidak tahu sebabnya.", EN: "Take a full backup without --since, and run simpul fsck if you do not know why."},
	}
}
