package app

import (
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"time"

	"simpul"
	"simpul/internal/exchange/evidence"
	"simpul/internal/exchange/safety"
	"simpul/internal/platform/archive"
	"simpul/internal/platform/checksum"
	"simpul/internal/platform/clock"
	"simpul/internal/platform/config"
	"simpul/internal/platform/sqldb"
	"simpul/internal/platform/vault"
	"simpul/internal/registry/audit"
)

// What the commands on a whole store give and take.
type (
	StoreReport     = safety.Report
	StoreFinding    = safety.Finding
	BackupReceipt   = safety.Receipt
	BackupWish      = safety.Wish
	VerifiedBackup  = safety.Verified
	RestoreFrom     = safety.From
	RestoredStore   = safety.Restored
	BackupRecipient = archive.Recipient
	BackupIdentity  = archive.Identity
)

// BackUp copies the store of a hub, which may be running, into one file.
func BackUp(ctx context.Context, c config.Config, wish BackupWish) (r BackupReceipt, err error) {
	if file := databaseFile(c); file != "" {
		if _, err := os.Stat(file); err != nil {
			return r, noDatabase(file, err)
		}
	}
	db, err := sqldb.Open(ctx, c.Database.URL)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	v, err := openVault(ctx, db, c.Vault)
	if err != nil {
		return r, err
	}
	return safety.Backup{Data: c.Data, DB: db, Journal: journalFiles{}, Vault: hubKeys{v}, Version: Version, Now: clock.System}.Take(ctx, wish)
}

func noDatabase(file string, cause error) error {
	return &simpul.Error{
		Code: simpul.CodeNotFound, Place: file, Err: cause,
		Message: simpul.Text{ID: "Basis data hub tidak ada di sini.", EN: "The hub's database is not here."},
		Remedy:  simpul.Text{ID: "Sebutkan folder data hub dengan --data, atau pengaturannya dengan --config.", EN: "Name the hub's data folder with --data, or its settings with --config."},
	}
}

// VerifyBackup reads backups and compares all of it.
func VerifyBackup(ctx context.Context, paths []string, keys []BackupIdentity) (VerifiedBackup, error) {
	return safety.Verify(ctx, paths, keys)
}

// RestoreStore brings a store back into an empty folder and database, and checks
// what it brought.
func RestoreStore(ctx context.Context, c config.Config, from RestoreFrom) (done RestoredStore, found StoreReport, err error) {
	file, _ := within(c.Data, databaseFile(c))
	if databaseFile(c) == "" {
		file = ""
	}
	done, err = safety.Restore{
		Data: c.Data, Database: c.Database.URL, File: file, KeyFile: c.Vault.File, Now: clock.System,
		OpenKeys: func(path string) (safety.Vault, error) {
			v, err := openKeys(path, c.Vault.PKCS11)
			return hubKeys{v}, err
		},
		Renew: func(data, cause string, at time.Time) (string, error) {
			r, err := renewJournal(data, cause, at)
			return r.Successor, err
		},
	}.Run(ctx, from)
	if err == nil {
		err = sumStore(c)
	}
	if err != nil {
		return done, found, err
	}
	found, err = CheckStore(ctx, c)
	return done, found, err
}

// openKeys opens a key file in clear, or one that the configured token wraps.
func openKeys(path string, token config.PKCS11) (*vault.Vault, error) {
	v, err := vault.Open(path)
	if err == nil || token.Module == "" {
		return v, err
	}
	guard, gerr := guardOf(token)
	if gerr != nil {
		return nil, gerr
	}
	return vault.OpenGuarded(path, guard)
}

// BackupRecipients collects those to whom a backup is encrypted: public keys,
// files of them, and a file whose first line is a passphrase.
func BackupRecipients(keys, files []string, passphrase string) ([]BackupRecipient, error) {
	all, err := archive.ParseRecipients(keys)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		some, err := archive.ReadRecipients(file)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	if passphrase == "" {
		return all, nil
	}
	to, _, err := archive.ReadPassphrase(passphrase)
	if err == nil && len(all) > 0 {
		err = simpul.Invalid("passphrase-file",
			simpul.Text{ID: "Frasa sandi tidak dapat dicampur dengan kunci publik.", EN: "A passphrase cannot be mixed with public keys."},
			simpul.Text{ID: "Pilih salah satu.", EN: "Choose one of the two."})
	}
	return []BackupRecipient{to}, err
}

// BackupIdentities collects what opens backups.
func BackupIdentities(files []string, passphrase string) (all []BackupIdentity, err error) {
	for _, file := range files {
		some, err := archive.ReadIdentities(file)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	if passphrase != "" {
		_, from, err := archive.ReadPassphrase(passphrase)
		if err != nil {
			return nil, err
		}
		all = append(all, from)
	}
	return all, nil
}

// journalFiles is the journal as it lies in a data folder.
type journalFiles struct{}

func (journalFiles) Hold(data string) (io.Closer, error) { return evidence.Hold(data) }

func (journalFiles) Survey(data string) (s safety.Survey, err error) {
	taken, err := evidence.Take(data)
	if err != nil || len(taken.Segments) == 0 {
		return s, err
	}
	return surveyed(taken), nil
}

func surveyed(taken evidence.Survey) safety.Survey {
	s := safety.Survey{ID: taken.ID.String(), Last: taken.Last}
	for _, segment := range taken.Segments {
		s.Segments = append(s.Segments, safety.Segment(segment))
	}
	return s
}

// hubKeys is the vault as the room of safety wants it.
type hubKeys struct{ *vault.Vault }

func (k hubKeys) Open(sealed []byte, table, row, column string) ([]byte, error) {
	return k.Vault.Open(sealed, vault.Place{Table: table, Row: row, Column: column})
}

// unchecked takes the checksums of the store away before something changes it,
// and refuses a folder into which restoring was interrupted.
func unchecked(c config.Config) error {
	if safety.Interrupted(c.Data) {
		return &simpul.Error{
			Code: simpul.CodeConflict, Place: c.Data,
			Message: simpul.Text{ID: "Pemulihan ke folder data ini terhenti, sehingga isinya tidak lengkap.", EN: "Restoring into this data folder was interrupted, so it is not whole."},
			Remedy:  simpul.Text{ID: "Kosongkan folder ini dan jalankan simpul restore lagi.", EN: "Empty the folder and run simpul restore again."},
		}
	}
	return checksum.Remove(c.Data)
}

// remindBackup tells the operators, once a week, that the last backup is old.
func (h *Hub) remindBackup(ctx context.Context) error {
	return h.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		n, due, err := safety.Due(ctx, tx, clock.System())
		if err != nil || !due {
			return err
		}
		return h.Notices.Notify(ctx, tx, n)
	})
}

// tellRestored tells the operators once that the store was restored, and what of
// it is lost.
func (h *Hub) tellRestored(ctx context.Context) error {
	mark, err := safety.ReadMark(h.config.Data)
	if err != nil || mark == nil {
		return err
	}
	taken := mark.Taken.Format(time.RFC3339)
	h.log.Warn("this hub was restored from a backup", "taken", taken, "restored", mark.At.Format(time.RFC3339), "backup", mark.Backup, "lastRecord", mark.Position)
	body := simpul.Text{
		ID: "Isi hub adalah keadaan pada " + taken + ". Yang terjadi sesudahnya tidak ada di sini.",
		EN: "The hub holds what was there at " + taken + ". What happened afterwards is not here.",
	}
	if mark.Lost != nil {
		lost := mark.Lost.Words()
		body.ID, body.EN = body.ID+" Diketahui hilang: "+lost.ID+".", body.EN+" Known to be lost: "+lost.EN+"."
	}
	if mark.Successor != "" {
		body.ID += " Jurnal lama berakhir pada catatan " + strconv.FormatUint(mark.Position, 10) + "; jurnal " + mark.Successor + " melanjutkannya dengan log baru."
		body.EN += " The old journal ends with record " + strconv.FormatUint(mark.Position, 10) + "; the journal " + mark.Successor + " goes on for it with a new log."
	}
	return h.db.Write(ctx, simpul.NationScope(), func(tx *sqldb.Tx) error {
		return h.Notices.Notify(ctx, tx, simpul.Notice{
			Topic: "hub.restored", Key: "hub.restored:" + mark.Backup + ":" + mark.At.Format(time.RFC3339), Holding: simpul.ReadAudit,
			Title: simpul.Text{ID: "Hub dipulihkan dari cadangan", EN: "The hub was restored from a backup"}, Body: body,
			Link: audit.ListPath + "?action=" + safety.ActionRestore, Urgent: true,
		})
	})
}
