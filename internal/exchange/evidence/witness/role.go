package witness

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"

	"simpul"
	"simpul/internal/platform/clock"
)

// RoleOptions say how a witness runs.
type RoleOptions struct {
	Dir  string // its folder: what it remembers, and its key unless Key says otherwise
	Key  string // file of its own key; empty: key in Dir
	Name string // of a key that is made; empty: one must be there
	Now  clock.Clock
	Log  *slog.Logger
}

// KeyFile is where the key is.
func (o RoleOptions) KeyFile() string {
	if o.Key != "" {
		return o.Key
	}
	return filepath.Join(o.Dir, "key")
}

// Role is a witness: it follows logs and cosigns what only ever grew. It never
// cosigns two trees of one size of a log, nor a tree that does not contain
// the one that it cosigned before, whatever it is sent and however it is stopped.
type Role struct {
	signer Signer
	memory *memory
	now    clock.Clock
	log    *slog.Logger
	mu     sync.RWMutex
	logs   map[string]*followed // by origin
}

// followed is a log that the witness follows.
type followed struct {
	mu        sync.Mutex // held from the check to the cosignature
	verifiers note.Verifiers
	seen      Checkpoint
	broken    error // why it is not cosigned any more
}

// OpenRole opens a witness; it follows no log yet.
func OpenRole(o RoleOptions) (*Role, error) {
	signer, err := OpenKey(o.KeyFile(), o.Name)
	if err != nil {
		return nil, err
	}
	m, err := openMemory(o.Dir)
	if err != nil {
		return nil, err
	}
	return &Role{signer: signer, memory: m, now: o.Now, log: o.Log, logs: map[string]*followed{}}, nil
}

// Close ends the witness.
func (r *Role) Close() error { return r.memory.Close() }

// Key is the witness's public key.
func (r *Role) Key() Key { return r.signer.Key }

// Follow makes the witness cosign a log, known by its origin and its own keys.
// Without an origin it is the name of the first key, as is usual.
func (r *Role) Follow(origin string, vkeys ...string) error {
	var keys []note.Verifier
	for _, vkey := range vkeys {
		k, err := note.NewVerifier(vkey)
		if err != nil {
			return badLogKey(vkey)
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return badLogKey("")
	}
	if origin == "" {
		origin = keys[0].Name()
	}
	seen, err := r.memory.recall(origin)
	if err != nil && simpul.CodeOf(err) != simpul.CodeInvalid {
		return err
	}
	if err != nil { // the other logs need not suffer
		r.log.Error("a log is not cosigned", "origin", origin, "error", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.logs[origin] = &followed{verifiers: note.VerifierList(keys...), seen: seen, broken: err}
	return nil
}

// refusal is an answer other than a cosignature, by its HTTP status.
type refusal struct {
	status int
	size   uint64 // of the newest tree that was cosigned, where sized
	sized  bool
	err    error // for the log of the witness
}

func (e *refusal) Error() string { return fmt.Sprintf("%d: %v", e.status, e.err) }

func refuse(status int, why string) *refusal { return &refusal{status: status, err: errors.New(why)} }

// Add cosigns a submission or says why not, by a [refusal]. The checks are those
// of C2SP tlog-witness, in its order.
func (r *Role) Add(s Submission) (line string, err error) {
	text, err := readNote(s.Note)
	if err != nil {
		return "", refuse(http.StatusBadRequest, "no note")
	}
	c, err := ParseCheckpoint(text)
	if err != nil {
		return "", refuse(http.StatusBadRequest, err.Error())
	}
	r.mu.RLock()
	log := r.logs[c.Origin]
	r.mu.RUnlock()
	if log == nil {
		return "", refuse(http.StatusNotFound, "not a log that this witness follows")
	}
	if _, err := note.Open(s.Note, log.verifiers); err != nil {
		return "", refuse(http.StatusForbidden, "not signed by the log's key")
	}
	if s.Old > c.Size {
		return "", refuse(http.StatusBadRequest, "old is larger than the checkpoint")
	}
	log.mu.Lock()
	defer log.mu.Unlock()
	if err := log.admits(s, c); err != nil {
		return "", err
	}
	if err := r.keep(log, c); err != nil {
		return "", err
	}
	return r.signer.Cosign(text, r.now()), nil
}

// admits compares a checkpoint with the one that was cosigned last.
func (l *followed) admits(s Submission, c Checkpoint) error {
	switch {
	case l.broken != nil:
		return &refusal{status: http.StatusServiceUnavailable, err: l.broken}
	case s.Old != l.seen.Size:
		return &refusal{status: http.StatusConflict, size: l.seen.Size, sized: true, err: errors.New("another tree was cosigned last")}
	case c.Size == l.seen.Size && c.Root != l.seen.Root:
		return refuse(http.StatusConflict, "FORK: another tree of this size was cosigned")
	}
	err := proof.VerifyConsistency(rfc6962.DefaultHasher, s.Old, c.Size, s.Proof, l.seen.Root[:], c.Root[:])
	if err != nil {
		return refuse(http.StatusUnprocessableEntity, "the proof does not show that the tree only grew")
	}
	return nil
}

// keep remembers a checkpoint before it is cosigned. A disk that failed once is
// not believed again until the witness is restarted and reads what is there.
func (r *Role) keep(l *followed, c Checkpoint) error {
	if c == l.seen {
		return nil // remembered already
	}
	if err := r.memory.remember(c); err != nil {
		l.broken = err
		r.log.Error("a log is not cosigned until the witness is restarted", "origin", c.Origin, "error", err)
		return &refusal{status: http.StatusServiceUnavailable, err: err}
	}
	l.seen = c
	return nil
}

// Seen is a log and what the witness cosigned of it last.
type Seen struct {
	Checkpoint
	Broken bool // it is not cosigned any more
}

// Logs lists the logs that are followed.
func (r *Role) Logs() (all []Seen) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for origin, l := range r.logs {
		l.mu.Lock()
		seen := Seen{l.seen, l.broken != nil}
		seen.Origin = origin
		all = append(all, seen)
		l.mu.Unlock()
	}
	return all
}

func badLogKey(vkey string) error {
	return simpul.Invalid("witness.logs",
		simpul.Text{ID: fmt.Sprintf("Ini bukan kunci sebuah log: %q.", vkey), EN: fmt.Sprintf("This is no key of a log: %q.", vkey)},
		simpul.Text{ID: "Salin baris log dari /.well-known/simpul-keys milik hub, tanpa kata log di depannya.", EN: "Copy the log's line from the hub's /.well-known/simpul-keys, without the word log in front."})
}
