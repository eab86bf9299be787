package safety

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"simpul"
)

// known is the newest state of the store that somebody has seen.
type known struct {
	place   string
	at      time.Time
	journal JournalCopy
	log     Checkpoint
	id      string // of the backup, where it is one
	ended   []JournalCopy
}

// readNewest reads a receipt, a checkpoint of the log (also one that witnesses
// cosigned), or the receipt beside a backup.
func readNewest(path string) (known, error) {
	if r, err := ReadReceipt(path); err == nil {
		return knownBy(path, r), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return known{}, notNewest(path, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostHead))
	if err != nil {
		return known{}, notNewest(path, err)
	}
	c, ok := ParseCheckpoint(text)
	if !ok {
		return known{}, notNewest(path, errors.New("neither a receipt nor a checkpoint"))
	}
	return known{place: path, log: c}, nil
}

func knownBy(place string, r Receipt) known {
	return known{place, r.At, r.Journal, Checkpoint{r.Log.Origin, r.Log.Size, r.Log.Root}, r.ID, r.Ended}
}

// besides are the receipts in the folders of the backups.
func besides(paths []string) (all []known) {
	seen := map[string]bool{}
	for _, path := range paths {
		dir := filepath.Dir(path)
		if seen[dir] {
			continue
		}
		seen[dir] = true
		names, _ := filepath.Glob(filepath.Join(dir, "*"+receiptSuffix)) // fails for bad patterns alone
		for _, name := range names {
			if r, err := ReadReceipt(name); err == nil {
				all = append(all, knownBy(strings.TrimSuffix(name, receiptSuffix), r))
			}
		}
	}
	return all
}

// behind says what the backup lacks of what is known; nil for nothing.
func (m Manifest) behind(k known) (*Lost, error) {
	l := &Lost{Until: k.at}
	if k.journal.ID == m.Journal.ID && m.Journal.ID != "" && k.journal.Position > m.Journal.Position {
		l.From, l.To = m.Journal.Position+1, k.journal.Position
	}
	if k.log.Origin != "" && k.log.Origin == m.Log.Origin {
		if k.log.Size == m.Log.Size && k.log.Root != m.Log.Root {
			return nil, forked(k.place)
		}
		if k.log.Size > m.Log.Size {
			l.LogFrom, l.LogTo = m.Log.Size, k.log.Size-1
		}
	}
	for _, e := range k.ended { // what is known went on with another journal, of which this backup has nothing
		if e.ID == m.Journal.ID {
			if e.Position > m.Journal.Position {
				l.From, l.To = m.Journal.Position+1, e.Position
			}
			return l, nil
		}
	}
	if l.To == 0 && l.LogTo == 0 && !(k.journal.ID == m.Journal.ID && k.id != "" && k.at.After(m.At)) {
		return nil, nil
	}
	return l, nil
}

// Words say in plain words what is lost.
func (l Lost) Words() simpul.Text {
	var id, en []string
	add := func(t simpul.Text) { id, en = append(id, t.ID), append(en, t.EN) }
	if l.To > 0 {
		add(words("catatan pertukaran %d sampai %d", "records of exchanges %d to %d", l.From, l.To))
	}
	if l.LogTo > 0 {
		add(words("entri log transparansi %d sampai %d", "entries of the transparency log %d to %d", l.LogFrom, l.LogTo))
	}
	if l.Until.IsZero() {
		add(words("perubahan basis data sesudahnya", "changes in the database afterwards"))
	} else {
		at := l.Until.UTC().Format(time.RFC3339)
		add(words("perubahan basis data sampai %s", "changes in the database until %s", at))
	}
	return simpul.Text{ID: strings.Join(id, ", "), EN: strings.Join(en, ", ")}
}

func older(place string, l Lost) error {
	what := l.Words()
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: place,
		Message: simpul.Text{ID: "Cadangan ini lebih tua daripada keadaan yang diketahui. Yang hilang bila dipulihkan: " + what.ID + ".", EN: "This backup is older than what is known to have existed. Restoring it loses: " + what.EN + "."},
		Remedy:  simpul.Text{ID: "Pulihkan cadangan yang lebih baru, atau tambahkan --accept-older bila memang tidak ada lagi.", EN: "Restore a newer backup, or add --accept-older if there is none any more."},
	}
}

func forked(place string) error {
	return &simpul.Error{
		Code: simpul.CodeConflict, Place: place,
		Message: simpul.Text{ID: "Log transparansi dalam cadangan ini bukan log yang dikenal saksi: ukurannya sama, isinya lain.", EN: "The transparency log in this backup is not the one that is known: of the same size, with another content."},
		Remedy:  simpul.Text{ID: "Jangan pulihkan. Laporkan kepada petugas keamanan: salah satunya dipalsukan.", EN: "Do not restore. Report it to the security officer: one of the two is forged."},
	}
}

func notNewest(path string, cause error) error {
	return &simpul.Error{
		Code: simpul.CodeInvalid, Place: path, Err: cause,
		Message: simpul.Text{ID: "Berkas ini bukan tanda terima cadangan dan bukan checkpoint log.", EN: "This file is neither the receipt of a backup nor a checkpoint of the log."},
		Remedy:  simpul.Text{ID: "Sebutkan berkas .receipt.json, atau checkpoint yang disimpan saksi.", EN: "Name a .receipt.json file, or the checkpoint that a witness keeps."},
	}
}
