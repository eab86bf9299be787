package ledger

import (
	"errors"
	"os"

	"simpul/internal/exchange/evidence"
)

// probeBytes is how much the log writes in a quiet moment.
const probeBytes = 64 << 10

// explained adds what the disk says of itself to an error from which the system's own word
// was lost: Tessera passes some on as text.
func (l *Ledger) explained(err error) error {
	if _, damaged := errors.AsType[*DamageError](err); damaged || evidence.TroubleOf(err) != evidence.Stopped {
		return err
	}
	return errors.Join(err, l.probe())
}

// probe finds out whether the disk of the log takes a file. The file's name is one of those
// that an interrupted write of Tessera leaves, so that no check wonders about it.
func (l *Ledger) probe() error {
	f, err := os.CreateTemp(l.path(".state"), "version")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, probeBytes))
	return errors.Join(err, f.Sync(), f.Close(), os.Remove(f.Name()))
}

// alike reports whether two failures have the same reason. The texts of many name a file
// that is another one each time.
func alike(one, other error) bool {
	trouble := evidence.TroubleOf(one)
	return one.Error() == other.Error() || trouble != evidence.Stopped && trouble != evidence.Damaged && trouble == evidence.TroubleOf(other)
}
