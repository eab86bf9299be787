package standard

import (
	"context"
	"errors"
	"mime/multipart"
	"net/http"
	"strings"

	"simpul"
	"simpul/internal/platform/httpapi"
	"simpul/internal/platform/web"
)

// formsFilePath is where files of filled-in forms go in and out.
const formsFilePath = "/metadata-berkas"

// upload gives the file of a form. What exceeds a megabyte waits on disk, so
// that neither memory nor a transaction depends on who sends it.
func upload(w http.ResponseWriter, r *http.Request, use func(file multipart.File) error) error {
	r.Body = http.MaxBytesReader(w, r.Body, MaxFile)
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		return brokenUpload(err)
	}
	defer r.MultipartForm.RemoveAll()
	file, _, err := r.FormFile("file")
	if err != nil {
		return brokenUpload(err)
	}
	defer file.Close()
	return use(file)
}

func brokenUpload(err error) error {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return &simpul.Error{
			Code:    simpul.CodeTooLarge,
			Message: simpul.Text{ID: "Berkasnya lebih besar dari 100 MiB.", EN: "The file is larger than 100 MiB."},
			Remedy:  simpul.Text{ID: "Bagi barisnya ke beberapa berkas dengan baris judul yang sama, lalu kirim satu per satu.", EN: "Divide its rows among several files with the same header, and send them one by one."},
		}
	}
	e := simpul.Invalid("file", simpul.Text{ID: "Berkas belum terpilih, atau kirimannya terputus.", EN: "No file was chosen, or the upload broke off."},
		simpul.Text{ID: "Pilih berkas CSV, lalu kirim lagi.", EN: "Choose a CSV file, then send it again."})
	e.Err = err
	return e
}

// whereAndWhat is a fault with its place in the file, on one line.
func whereAndWhat(ctx context.Context, e *simpul.Error) string {
	if e.Place == "" || e.Place == "file" || len(e.Faults) > 0 || strings.HasPrefix(e.Place, "spec.") {
		return e.Message.In(web.Language(ctx))
	}
	return placeWords(ctx, e.Place) + ": " + e.Message.In(web.Language(ctx))
}

// placeWords is a place in a file in the reader's language.
func placeWords(ctx context.Context, place string) string {
	return strings.NewReplacer("line ", web.T(ctx, "baris ", "line "), "column ", web.T(ctx, "kolom ", "column ")).Replace(place)
}

// importForms stores the forms of a file that somebody sends.
func (p *Pages) importForms(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	if err := visitor.Need(simpul.WriteStandards); err != nil {
		web.Fail(w, r, err)
		return
	}
	form := FormID("")
	err := upload(w, r, func(file multipart.File) error {
		agency := visitor.Agency
		if agency == "" {
			agency = simpul.AgencyID(strings.TrimSpace(r.PostFormValue("agency")))
		}
		form = FormID(r.PostFormValue("form"))
		_, err := p.metadata.ImportForms(r.Context(), visitor, form, agency, CSV, file, false)
		return err
	})
	if e, ok := errors.AsType[*simpul.Error](err); ok {
		p.showForms(w, r, httpapi.Status(e.Code), e)
		return
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, MetadataPath+"?form="+string(form), http.StatusSeeOther)
}

// exportForms serves the forms of a kind that the reader sees.
func (p *Pages) exportForms(w http.ResponseWriter, r *http.Request) {
	form, err := ParseFormID(r.URL.Query().Get("form"))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	format := CSV
	if r.URL.Query().Get("format") == string(JSONFile) {
		format = JSONFile
	}
	w.Header().Set("Content-Type", format.contentType())
	w.Header().Set("Content-Disposition", `attachment; filename="`+string(form)+format.suffix()+`"`)
	if err := p.metadata.ExportForms(r.Context(), p.reader(r.Context()), form, format, w); err != nil {
		panic(http.ErrAbortHandler) // the file must not look whole
	}
}

// importCodes replaces the codes of a list by those of a file that somebody sends.
func (p *Pages) importCodes(w http.ResponseWriter, r *http.Request, visitor simpul.Principal) {
	id := r.PathValue("list")
	err := visitor.Need(simpul.WriteStandards)
	if err == nil {
		err = upload(w, r, func(file multipart.File) error {
			_, err := p.lists.Import(r.Context(), visitor, id, CSV, file, false)
			return err
		})
	}
	fault, ok := errors.AsType[*simpul.Error](err)
	if ok && fault.Code != simpul.CodeDenied && fault.Code != simpul.CodeNotFound {
		v, viewErr := p.viewList(r)
		if viewErr == nil {
			v.Fault = fault
			web.Render(w, r, httpapi.Status(fault.Code), listPage(v))
			return
		}
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, listHref(ListID(id)), http.StatusSeeOther)
}
