package sandbox

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"simpul"
)

// Header says that a call is for the sandbox, and that an answer comes from it.
const Header = "Simpul-Sandbox"

// Answer is what the operation answers as the call prefers it.
func (s *Stage) Answer(op simpul.Operation, r *http.Request) (*http.Response, error) {
	scene := s.scenes[op]
	if scene == nil || len(scene.answers) == 0 {
		return nil, noExample()
	}
	wish, err := readPrefer(r.Header)
	if err != nil {
		return nil, err
	}
	a, status, err := scene.choose(wish)
	if err != nil {
		return nil, err
	}
	body, err := a.body(wish.example)
	if err != nil {
		return nil, err
	}
	return response(r, status, a.media, body, wish), nil
}

// choose finds the answer of the status that is preferred: one that is declared by
// itself outweighs a range, and a range the default. Where only an example is
// preferred, the first answer that has it.
func (s *scene) choose(wish preferred) (answer, int, error) {
	if wish.code == 0 {
		i := max(slices.IndexFunc(s.answers, func(a answer) bool { return wish.example != "" && a.has(wish.example) }), 0)
		return s.answers[i], s.answers[i].code(), nil
	}
	var best *answer
	for i := range s.answers {
		a := &s.answers[i]
		if a.means(wish.code) && (best == nil || a.exactness() > best.exactness()) {
			best = a
		}
	}
	if best == nil {
		return answer{}, 0, noStatus(s.statuses())
	}
	return *best, wish.code, nil
}

func (a answer) exactness() int {
	switch {
	case a.status == "default":
		return 0
	case strings.HasSuffix(a.status, "XX"):
		return 1
	}
	return 2
}

func (a answer) has(name string) bool {
	return slices.ContainsFunc(a.examples, func(e example) bool { return e.name == name })
}

func (s *scene) statuses() (all []string) {
	for _, a := range s.answers {
		all = append(all, a.status)
	}
	return all
}

// body returns the example that is preferred, or the first.
func (a answer) body(name string) ([]byte, error) {
	switch {
	case a.media == "":
		return nil, nil
	case len(a.examples) == 0:
		return nil, noExample()
	case name == "":
		return a.examples[0].body, nil
	}
	for _, e := range a.examples {
		if e.name == name {
			return e.body, nil
		}
	}
	return nil, noSuchExample(a.names())
}

func (a answer) names() (all []string) {
	for _, e := range a.examples {
		if e.name != "" {
			all = append(all, e.name)
		}
	}
	return all
}

func response(r *http.Request, status int, media string, body []byte, wish preferred) *http.Response {
	h := http.Header{Header: {"example"}, "Cache-Control": {"no-store"}}
	if media != "" {
		h.Set("Content-Type", media)
	}
	var applied []string
	if wish.code != 0 {
		applied = append(applied, "code="+strconv.Itoa(wish.code))
	}
	if wish.example != "" {
		applied = append(applied, "example")
	}
	if applied != nil {
		h.Set("Preference-Applied", strings.Join(applied, ", "))
	}
	res := &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: h,
		ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)), Request: r,
	}
	if bodiless := status == http.StatusNoContent || status == http.StatusNotModified; !bodiless {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	} else {
		res.Body, res.ContentLength = http.NoBody, 0
	}
	if r.Method == http.MethodHead {
		res.Body = http.NoBody
	}
	return res
}

func noExample() error {
	return &simpul.Error{
		Code:    simpul.CodeNotFound,
		Message: simpul.Text{ID: "Kontrak tidak memuat contoh untuk jawaban ini, dan tidak menggambarkannya dalam JSON.", EN: "The contract has no example of this answer, and does not describe it in JSON."},
		Remedy:  simpul.Text{ID: "Minta penyedia menambahkan example pada kontraknya, atau pilih jawaban lain dengan kepala Prefer.", EN: "Ask the provider to add an example to the contract, or choose another answer with the header Prefer."},
	}
}

func noStatus(declared []string) error {
	return simpul.Invalid("header.Prefer",
		simpul.Text{ID: "Kontrak tidak mengenal status itu untuk operasi ini.", EN: "The contract declares no such status for this operation."},
		simpul.Text{ID: "Pilih salah satu: " + strings.Join(declared, ", ") + ".", EN: "Choose one of " + strings.Join(declared, ", ") + "."})
}

func noSuchExample(names []string) error {
	remedy := simpul.Text{ID: "Hilangkan example dari kepala Prefer.", EN: "Leave example out of the header Prefer."}
	if len(names) > 0 {
		remedy = simpul.Text{ID: "Pilih salah satu: " + strings.Join(names, ", ") + ".", EN: "Choose one of " + strings.Join(names, ", ") + "."}
	}
	return simpul.Invalid("header.Prefer", simpul.Text{ID: "Jawaban ini tidak punya contoh dengan nama itu.", EN: "This answer has no example of that name."}, remedy)
}
