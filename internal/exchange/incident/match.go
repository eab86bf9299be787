package incident

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"time"

	"simpul"
)

// Bounds of a list of NIKs.
const (
	mostLines   = 1_000_000
	longestLine = 1000 // bytes
	mostNamed   = 20   // lines that are wrong, by their number
)

// Match is which persons of a list are among the affected.
type Match struct {
	Lines   int      // with something in them
	NIKs    int      // of them, valid NIKs
	Wrong   []int    // numbers of the first lines that hold no NIK, but for a heading
	Found   []Found  // in the order of the list, each person once
	Missing []string // months whose key is gone: nobody is found in them
	Unfound int      // pseudonyms of the affected that no NIK of the list has
}

// Found is a person of the list who was affected.
type Found struct {
	NIK       simpul.NIK
	Line      int
	First     time.Time
	Last      time.Time
	Exchanges int64
	in        uint64
}

// find reads a list, one NIK a line; of a line with commas or semicolons the
// first column counts. Only what is found stays in memory.
func (g *gathering) find(list io.Reader, of func(simpul.NIK, func(simpul.Pseudonym))) (m Match, err error) {
	taken := make([]bool, len(g.persons))
	lines := bufio.NewScanner(list)
	lines.Buffer(make([]byte, 0, longestLine), longestLine)
	for number := 1; lines.Scan(); number++ {
		text := column(lines.Text(), number)
		if text == "" {
			continue
		}
		if m.Lines++; m.Lines > mostLines {
			return m, tooLong()
		}
		nik, err := simpul.ParseNIK(text)
		if err != nil {
			if len(m.Wrong) < mostNamed && m.Lines > 1 {
				m.Wrong = append(m.Wrong, number)
			}
			continue
		}
		m.NIKs++
		if f, ok := g.found(nik, taken, of); ok {
			f.Line = number
			m.Found = append(m.Found, f)
		}
	}
	for _, t := range taken {
		if !t {
			m.Unfound++
		}
	}
	return m, unreadable(lines.Err())
}

// found adds up what is known of a person under all their pseudonyms. A NIK that
// was in the list already is not found again.
func (g *gathering) found(nik simpul.NIK, taken []bool, of func(simpul.NIK, func(simpul.Pseudonym))) (f Found, ok bool) {
	f.NIK = nik
	of(nik, func(p simpul.Pseudonym) {
		who, _ := personOf(p)
		i, known := g.index[who]
		if !known || taken[i] {
			return
		}
		taken[i], ok = true, true
		a := &g.persons[i]
		f.First, f.Last = stretched(f.First, f.Last, time.UnixMilli(a.first))
		f.First, f.Last = stretched(f.First, f.Last, time.UnixMilli(a.last))
		f.Exchanges += int64(a.exchanges)
		f.in |= a.in
	})
	return f, ok
}

// column is the first column of a line, without quotes and the mark with which
// some programs begin a file.
func column(line string, number int) string {
	if number == 1 {
		line = strings.TrimPrefix(line, "\ufeff")
	}
	if i := strings.IndexAny(line, ",;\t"); i >= 0 {
		line = line[:i]
	}
	return strings.Trim(strings.TrimSpace(line), `"'`)
}

func tooLong() error {
	return &simpul.Error{
		Code: simpul.CodeTooLarge, Place: "list",
		Message: simpul.Text{ID: "Daftar memuat lebih dari 1.000.000 baris.", EN: "The list has more than 1,000,000 lines."},
		Remedy:  simpul.Text{ID: "Bagi daftarnya, lalu cocokkan bagian demi bagian.", EN: "Divide the list, and match it part by part."},
	}
}

// unreadable says what is wrong with a list without repeating any of it.
func unreadable(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, bufio.ErrTooLong) {
		err = nil
	}
	return &simpul.Error{
		Code: simpul.CodeInvalid, Place: "list", Err: err,
		Message: simpul.Text{ID: "Daftar tidak terbaca sampai akhir.", EN: "The list cannot be read to its end."},
		Remedy:  simpul.Text{ID: "Kirim berkas teks atau CSV dengan satu NIK di awal tiap baris.", EN: "Send a text or CSV file with one NIK at the beginning of each line."},
	}
}
