package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"simpul"
	"simpul/internal/platform/web"
	"simpul/internal/registry/catalog/contract"
)

// maxUpload is the largest form that holds a contract, in bytes: the largest
// contract, twice where it is pasted with escapes.
const maxUpload = 5 << 20

// mostReturned is how much of a faulty document comes back in the form to be
// mended there, in bytes.
const mostReturned = 40 << 10

// readForm reads a form of any page. What is too large, or broken off, is told
// as a fault of the page.
func readForm(w http.ResponseWriter, r *http.Request) (*form, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	err := r.ParseMultipartForm(1 << 20)
	if errors.Is(err, http.ErrNotMultipart) {
		err = nil
	}
	if err == nil {
		return &form{values: r.PostForm}, nil
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return nil, &simpul.Error{
			Code:    simpul.CodeTooLarge,
			Message: simpul.Text{ID: "Kirimannya lebih besar dari 5 MiB.", EN: "What was sent is larger than 5 MiB."},
			Remedy:  simpul.Text{ID: "Kontrak paling besar 2 MiB. Bagi menjadi beberapa LID, lalu coba lagi.", EN: "A contract has 2 MiB at most. Divide it into several LIDs, then try again."},
		}
	}
	refused := simpul.Invalid("form", simpul.Text{ID: "Isian formulir tidak terbaca.", EN: "The form cannot be read."}, simpul.Text{ID: "Muat ulang halamannya, lalu coba lagi.", EN: "Reload the page and try again."})
	refused.Err = err
	return nil, refused
}

// uploaded is the contract of a form: the file, or else the pasted text. A fault
// of it is noted, and a document that is not too long comes back as text.
func (p *Workplace) uploaded(r *http.Request, f *form) json.RawMessage {
	given, input := fileOf(r), "file"
	if len(given) == 0 {
		given, input = []byte(f.value("text")), "text"
	}
	document := p.readDocument(f, input, given)
	if document == nil && input == "file" && len(given) <= mostReturned && utf8.Valid(given) {
		f.values.Set("text", string(given))
	}
	return document
}

func fileOf(r *http.Request) []byte {
	if r.MultipartForm == nil {
		return nil
	}
	defer r.MultipartForm.RemoveAll()
	file, _, err := r.FormFile("file")
	if err != nil {
		return nil
	}
	defer file.Close()
	given, err := io.ReadAll(io.LimitReader(file, maxUpload))
	if err != nil {
		return nil
	}
	return given
}

// readDocument returns the contract as JSON, or notes why it is none.
func (p *Workplace) readDocument(f *form, input string, given []byte) json.RawMessage {
	given = bytes.TrimPrefix(given, []byte("\uFEFF"))
	head := bytes.TrimSpace(given)
	switch {
	case len(head) == 0:
		f.say(input, simpul.Text{ID: "Kontraknya belum ada.", EN: "There is no contract yet."}, simpul.Text{ID: "Pilih berkas OpenAPI, atau tempel isinya.", EN: "Choose an OpenAPI file, or paste its text."})
		return nil
	case isWSDL(head):
		f.say(input, simpul.Text{ID: "Ini dokumen WSDL dari layanan SOAP. Simpul belum menerbitkan LID dari WSDL.", EN: "This is a WSDL document of a SOAP service. Simpul does not publish LIDs from WSDL yet."},
			simpul.Text{ID: "Kemampuan itu menyusul. Bila layanan Anda juga menjawab REST, unggah dokumen OpenAPI-nya.", EN: "That comes later. If your service answers REST as well, upload its OpenAPI document."})
		return nil
	case bytes.IndexByte(given, 0) >= 0 || !utf8.Valid(given):
		f.say(input, simpul.Text{ID: "Ini bukan berkas teks UTF-8.", EN: "This is no text file in UTF-8."}, simpul.Text{ID: "Unggah dokumen OpenAPI sebagai .json atau .yaml, bukan PDF, Word, atau arsip.", EN: "Upload the OpenAPI document as .json or .yaml, not as PDF, Word or an archive."})
		return nil
	case head[0] != '{' && head[0] != '[':
		var err error
		if given, err = p.FromYAML("line", given); err != nil {
			noteYAML(f, input, err)
			return nil
		}
	}
	if _, err := contract.Parse(given); err != nil {
		noteContract(f, input, err)
		return nil
	}
	return given
}

// isWSDL recognises the description of a SOAP service by its namespace.
func isWSDL(document []byte) bool {
	head := document[:min(len(document), 4096)]
	return head[0] == '<' && (bytes.Contains(head, []byte("schemas.xmlsoap.org/wsdl")) || bytes.Contains(head, []byte("www.w3.org/ns/wsdl")))
}

// noteYAML notes every fault of a YAML document, with its line.
func noteYAML(f *form, input string, err error) {
	all := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		all = joined.Unwrap()
	}
	for _, one := range all {
		e, ok := errors.AsType[*simpul.Error](one)
		if !ok {
			f.say(input, simpul.Text{ID: "Dokumen YAML ini tidak terbaca.", EN: "This YAML document cannot be read."}, simpul.Text{ID: "Simpan sebagai JSON, lalu unggah lagi.", EN: "Save it as JSON, then upload it again."})
			continue
		}
		_, line, _ := strings.Cut(e.Place, ":")
		f.say(input, simpul.Text{ID: "Baris " + line + ": " + e.Message.ID, EN: "Line " + line + ": " + e.Message.EN}, e.Remedy)
	}
}

// noteContract notes a fault of a contract, with its place in the document.
func noteContract(f *form, input string, err error) {
	e, ok := errors.AsType[*simpul.Error](err)
	if !ok {
		f.say(input, simpul.Text{ID: "Kontrak ini tidak terbaca.", EN: "This contract cannot be read."}, simpul.Text{ID: "Periksa dengan penyunting OpenAPI, lalu unggah lagi.", EN: "Check it in an OpenAPI editor, then upload it again."})
		return
	}
	message := e.Message
	if at := strings.TrimPrefix(strings.TrimPrefix(e.Place, "spec.contract"), "."); at != "" {
		message = simpul.Text{ID: "Di " + at + ": " + message.ID, EN: "At " + at + ": " + message.EN}
	}
	f.say(input, message, e.Remedy)
}

// beginning is the draft that a contract begins.
func beginning(agency simpul.AgencyID, document json.RawMessage) (Spec, error) {
	read, err := contract.Parse(document)
	if err != nil {
		return Spec{}, err
	}
	var said struct {
		Info struct{ Description any }
	}
	json.Unmarshal(document, &said) // only to propose a text
	description, _ := said.Info.Description.(string)
	return Spec{
		Agency: agency, Title: cut(read.Title, mostTitle), Description: cut(strings.TrimSpace(description), mostDescription),
		Class: simpul.Terbatas, Version: proposedVersion(read.Version), State: Draft, Contract: document,
	}, nil
}

// cut shortens a text to so many characters.
func cut(text string, most int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), most)])
}

func (p *Workplace) begin(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	p.showBegin(w, r, who, http.StatusOK, &form{values: map[string][]string{}})
}

func (p *Workplace) showBegin(w http.ResponseWriter, r *http.Request, who simpul.Principal, status int, f *form) {
	web.Render(w, r, status, contractPage(sectionView{work: work{Who: who}, Form: f}))
}

// start keeps the contract of a new LID and leads on to its words.
func (p *Workplace) start(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	f, err := readForm(w, r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	agency := who.Agency
	if agency == "" {
		agency, err = simpul.ParseAgencyID(strings.TrimSpace(f.value("agency")))
		f.fault("agency", err)
	}
	document := p.uploaded(r, f)
	if len(f.wrong) > 0 {
		p.showBegin(w, r, who, http.StatusUnprocessableEntity, f)
		return
	}
	spec, err := beginning(agency, document)
	var name string
	if err == nil {
		name, err = p.LIDs.Begin(r.Context(), who, spec)
	}
	switch err = f.refused(err); {
	case err != nil:
		web.Fail(w, r, err)
	case len(f.wrong) > 0:
		p.showBegin(w, r, who, http.StatusUnprocessableEntity, f)
	default:
		http.Redirect(w, r, workPath(name, sectionWords)+"?tersimpan=1", http.StatusSeeOther)
	}
}

// recontract replaces the contract of a LID, and with it the version.
func (p *Workplace) recontract(w http.ResponseWriter, r *http.Request, v work, f *form) {
	spec := v.Spec
	if document := p.uploaded(r, f); document != nil {
		spec.Contract = document
	}
	if v.begun() {
		if len(f.wrong) == 0 {
			spec, _ = beginning(v.Spec.Agency, spec.Contract)
		}
	} else {
		spec.Version = readVersion(f)
	}
	p.store(w, r, v, sectionContract, f, spec)
}
