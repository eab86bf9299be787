package safety

import (
	"fmt"

	"simpul"
)

// Finding is one thing that a check found.
type Finding struct {
	Place   string      // file below the data folder, table, or what else it is about
	Offset  int64       // bytes from the start of the file; -1 where that says nothing
	Record  uint64      // sequence in the journal; 0 for none
	Harm    bool        // something is damaged or lost; otherwise worth knowing
	Message simpul.Text // what is wrong
}

// Where is the place as people write it: file, then offset.
func (f Finding) Where() string {
	if f.Offset < 0 {
		return f.Place
	}
	return fmt.Sprintf("%s:%d", f.Place, f.Offset)
}

func harm(place, id, en string, args ...any) Finding {
	return Finding{Place: place, Offset: -1, Harm: true, Message: words(id, en, args...)}
}

func remark(place, id, en string, args ...any) Finding {
	return Finding{Place: place, Offset: -1, Message: words(id, en, args...)}
}

// words fills both languages with the same arguments.
func words(id, en string, args ...any) simpul.Text {
	return simpul.Text{ID: fmt.Sprintf(id, args...), EN: fmt.Sprintf(en, args...)}
}
