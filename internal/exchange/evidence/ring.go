package evidence

import (
	"fmt"
	"time"

	"simpul"
)

// classes are those that have keys, in the order of strictness. An exchange
// whose class is not known has those of the strictest.
var classes = [...]simpul.LIDClass{simpul.Terbuka, simpul.Terbatas, simpul.Tertutup}

func classIndex(c simpul.LIDClass) int {
	switch c {
	case simpul.Terbuka:
		return 0
	case simpul.Terbatas:
		return 1
	}
	return 2
}

// keyID is the identifier of a month's key, "terbatas/2026-11".
func keyID(c simpul.LIDClass, month int) string {
	return fmt.Sprintf("%s/%04d-%02d", classes[classIndex(c)], month/12, month%12+1)
}

// ring is every key at one moment. It never changes.
type ring struct {
	keys  map[string]*sealingKey
	ended map[string]time.Time        // keys that were destroyed, and when
	fresh [len(classes)][]*sealingKey // of each class, the newest month first
}

// forSealing returns the key of the class and month; nil where there is none.
func (r *ring) forSealing(c simpul.LIDClass, month int) *sealingKey {
	for _, k := range r.fresh[classIndex(c)] {
		if k.month == month {
			return k
		}
	}
	return nil
}
