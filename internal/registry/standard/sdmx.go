package standard

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"simpul"
)

// The part of SDMX-JSON 2.0 (structure message) that lists of codes need:
//
//	data.codelists[].{id, agencyID, version, name, names, isPartial, codes[]}
//	codes[].{id, parent, name, names, annotations[]}
//
// What SDMX has no member for stands in annotations of the code, by type:
// validFrom, validTo (the first day that is no longer valid) and notes. A code
// with several periods is several codes with the same id, which SDMX itself
// does not foresee; ids may hold dots, as Indonesian codes do. Other members,
// such as links and meta, are read over.
type sdmxMessage struct {
	Meta *sdmxMeta `json:"meta,omitempty"`
	Data sdmxData  `json:"data"`
}

type sdmxMeta struct {
	Schema   string `json:"schema"`
	Prepared string `json:"prepared,omitempty"`
}

type sdmxData struct {
	Codelists []sdmxList `json:"codelists"`
}

type sdmxList struct {
	ID       string            `json:"id"`
	AgencyID string            `json:"agencyID"`
	Version  string            `json:"version"`
	Name     string            `json:"name"`
	Names    map[string]string `json:"names,omitempty"`
	Codes    []sdmxCode        `json:"codes"`
}

type sdmxCode struct {
	ID          string            `json:"id"`
	Parent      string            `json:"parent,omitempty"`
	Name        string            `json:"name"`
	Names       map[string]string `json:"names,omitempty"`
	Annotations []sdmxNote        `json:"annotations,omitempty"`
}

type sdmxNote struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

const sdmxSchema = "https://json.sdmx.org/2.0.0/sdmx-json-structure-schema.json"

// readSDMX reads the one codelist of a structure message, code by code, so that
// a file takes the memory of its codes and not of its text.
func readSDMX(r io.Reader) (codes []Code, place Placer, err error) {
	in := &sdmxReader{d: json.NewDecoder(r)}
	err = in.object(func(name string) error {
		if name != "data" {
			return in.skip()
		}
		return in.object(func(name string) error {
			if name != "codelists" {
				return in.skip()
			}
			return in.array(func(int) error { in.lists++; return in.codelist() })
		})
	})
	if err != nil {
		return nil, nil, coded(err)
	}
	if _, err := in.d.Token(); !errors.Is(err, io.EOF) {
		return nil, nil, brokenJSON(errors.New("more than one document"))
	}
	if in.lists != 1 {
		return nil, nil, notOneList()
	}
	return in.codes, func(i int, field string) string { return fmt.Sprintf("data.codelists[0].codes[%d].%s", i, field) }, nil
}

func notOneList() error {
	return simpul.Invalid("data.codelists",
		simpul.Text{ID: "Berkas harus memuat tepat satu codelist.", EN: "The file must hold exactly one codelist."},
		simpul.Text{ID: "Kirim satu berkas untuk satu daftar.", EN: "Send one file for one list."})
}

// sdmxReader walks through a structure message.
type sdmxReader struct {
	d     *json.Decoder
	lists int
	codes []Code
}

func (in *sdmxReader) codelist() error {
	if in.lists > 1 {
		return notOneList()
	}
	return in.object(func(name string) error {
		if name != "codes" {
			return in.skip()
		}
		return in.array(func(i int) error {
			if len(in.codes) == mostRows {
				return tooMany(0)
			}
			var c sdmxCode
			err := in.d.Decode(&c)
			if mistyped, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
				mistyped.Field = fmt.Sprintf("data.codelists[0].codes[%d].%s", i, mistyped.Field)
			}
			in.codes = append(in.codes, c.code())
			return err
		})
	})
}

func (in *sdmxReader) object(member func(name string) error) error {
	if err := in.open('{'); err != nil {
		return err
	}
	for in.d.More() {
		name, err := in.d.Token()
		if err != nil {
			return err
		}
		text, _ := name.(string) // a member has no other name
		if err := member(text); err != nil {
			return err
		}
	}
	_, err := in.d.Token()
	return err
}

func (in *sdmxReader) array(entry func(i int) error) error {
	if err := in.open('['); err != nil {
		return err
	}
	for i := 0; in.d.More(); i++ {
		if err := entry(i); err != nil {
			return err
		}
	}
	_, err := in.d.Token()
	return err
}

func (in *sdmxReader) open(delim json.Delim) error {
	at := in.d.InputOffset()
	token, err := in.d.Token()
	if err == nil && token != delim {
		return &simpul.Error{Code: simpul.CodeInvalid, Place: fmt.Sprintf("byte %d", at),
			Message: simpul.Text{ID: "Di sini seharusnya ada " + delim.String() + ".", EN: "There should be " + delim.String() + " here."},
			Remedy:  simpul.Text{ID: "Kirim pesan struktur SDMX-JSON dengan data.codelists, seperti yang diberikan ekspor.", EN: "Send an SDMX-JSON structure message with data.codelists, as export gives it."}}
	}
	return err
}

// skip reads over a value that lists of codes do not need.
func (in *sdmxReader) skip() error {
	for depth := 0; ; {
		token, err := in.d.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

// coded tells of JSON that is no JSON; an error that says what is wrong stays.
func coded(err error) error {
	if _, ok := errors.AsType[*simpul.Error](err); ok {
		return err
	}
	return brokenJSON(err)
}

func brokenJSON(err error) error {
	e := simpul.Invalid("body", simpul.Text{ID: "Berkas ini bukan JSON yang utuh.", EN: "This file is not whole JSON."},
		simpul.Text{ID: "Kirim pesan struktur SDMX-JSON dengan data.codelists, seperti yang diberikan ekspor.", EN: "Send an SDMX-JSON structure message with data.codelists, as export gives it."})
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		e.Place = fmt.Sprintf("byte %d", syntax.Offset)
	}
	if mistyped, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		e.Place = clip(mistyped.Field, 200)
	}
	e.Err = err
	return e
}

func (s sdmxCode) code() Code {
	c := Code{Code: s.ID, Parent: s.Parent, Name: Names{ID: s.Name, EN: s.Names["en"]}}
	if id := s.Names["id"]; id != "" {
		c.Name.ID = id
	}
	for _, a := range s.Annotations {
		switch a.Type {
		case "validFrom":
			c.From = Day(a.Text)
		case "validTo":
			c.Until = Day(a.Text)
		case "notes":
			c.Notes = a.Text
		}
	}
	return c
}

func sdmxOf(c Code) sdmxCode {
	s := sdmxCode{ID: c.Code, Parent: c.Parent, Name: c.Name.ID, Names: namesOf(c.Name)}
	for _, a := range []sdmxNote{{"validFrom", string(c.From)}, {"validTo", string(c.Until)}, {"notes", c.Notes}} {
		if a.Text != "" {
			s.Annotations = append(s.Annotations, a)
		}
	}
	return s
}

func namesOf(n Names) map[string]string {
	if n.EN == "" {
		return map[string]string{"id": n.ID}
	}
	return map[string]string{"id": n.ID, "en": n.EN}
}

// sdmxWriter writes a structure message code by code, so that a list of any
// length takes the memory of one code.
type sdmxWriter struct {
	w     *bufio.Writer
	tail  []byte
	first bool
}

func newSDMXWriter(w io.Writer, id ListID, s ListSpec) (*sdmxWriter, error) {
	m := sdmxMessage{Meta: &sdmxMeta{Schema: sdmxSchema}, Data: sdmxData{[]sdmxList{{
		ID: string(id), AgencyID: string(s.Agency), Version: "1.0", Name: s.Title.ID, Names: namesOf(s.Title), Codes: []sdmxCode{},
	}}}}
	frame, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	const tail = "]}]}}" // of codes, the codelist, codelists, data and the message
	out := &sdmxWriter{bufio.NewWriter(w), []byte(tail), true}
	_, err = out.w.Write(frame[:len(frame)-len(tail)])
	return out, err
}

func (s *sdmxWriter) write(c Code) error {
	text, err := json.Marshal(sdmxOf(c))
	if err != nil {
		return err
	}
	if !s.first {
		s.w.WriteByte(',')
	}
	s.first = false
	_, err = s.w.Write(text)
	return err
}

func (s *sdmxWriter) close() error {
	s.w.Write(s.tail)
	return s.w.Flush()
}
