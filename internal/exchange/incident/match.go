package incident

import (
	"bufio"
	"errors"
	"io"
	"slices"
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

// niks is the NIKs that somebody sent, while they are matched.
type niks struct {
	lines int
	wrong []int // numbers of the first lines that hold no NIK, but for a heading
	all   []listed
}

// listed is one of them: 16 digits, and in which line.
type listed struct {
	nik  [16]byte
	line int32
}

// readList reads one NIK a line; of a line with commas or semicolons the first
// column counts.
func readList(from io.Reader) (l niks, err error) {
	lines := bufio.NewScanner(from)
	lines.Buffer(make([]byte, 0, longestLine), longestLine)
	for number := 1; lines.Scan(); number++ {
		text := column(lines.Text(), number)
		if text == "" {
			continue
		}
		if l.lines++; l.lines > mostLines {
			return l, tooLong()
		}
		nik, err := simpul.ParseNIK(text)
		if err != nil {
			if len(l.wrong) < mostNamed && l.lines > 1 {
				l.wrong = append(l.wrong, number)
			}
			continue
		}
		l.all = append(l.all, listed{[16]byte([]byte(nik)), int32(number)})
	}
	return l, unreadable(lines.Err())
}

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
	NIK          simpul.NIK
	Line         int
	First        time.Time // on the clock of the case
	Last         time.Time
	Exchanges    int64
	LIDs, Fields []string // of each of the LIDs; * for every field
	in           uint64
}

// match finds whom of a list the accesses affected, part by part.
func (g *gathering) match(l niks, of func(simpul.NIK, func(simpul.Pseudonym))) (m Match, err error) {
	m.Lines, m.NIKs, m.Wrong = l.lines, len(l.all), l.wrong
	found := map[int]*Found{} // by the place in the list
	err = g.parts(func(p *part) error {
		m.Unfound += len(p.persons) - g.find(l, p, of, found)
		return nil
	})
	for _, f := range found {
		f.First, f.Last = f.First.In(g.zone), f.Last.In(g.zone)
		f.LIDs, f.Fields = g.disclosures(f.in)
		m.Found = append(m.Found, *f)
	}
	slices.SortFunc(m.Found, func(a, b Found) int { return a.Line - b.Line })
	return m, err
}

// find adds up what is known of the persons of a list under their pseudonyms of one
// part, and returns how many of these there were. A NIK that stands in the list
// before is not found again.
func (g *gathering) find(l niks, p *part, of func(simpul.NIK, func(simpul.Pseudonym)), found map[int]*Found) (n int) {
	taken := make([]bool, len(p.persons))
	for place, entry := range l.all {
		nik := simpul.NIK(entry.nik[:])
		of(nik, func(name simpul.Pseudonym) {
			who, ok := personOf(name)
			if !ok || !p.has(who) {
				return
			}
			i, known := p.index[who]
			if !known || taken[i] {
				return
			}
			taken[i], n = true, n+1
			f := found[place]
			if f == nil {
				f = &Found{NIK: nik, Line: int(entry.line)}
				found[place] = f
			}
			f.add(p.persons[i])
		})
	}
	return n
}

func (f *Found) add(a affected) {
	f.First, f.Last = stretched(f.First, f.Last, time.UnixMilli(a.first))
	f.First, f.Last = stretched(f.First, f.Last, time.UnixMilli(a.last))
	f.Exchanges += int64(a.exchanges)
	f.in |= a.in
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
