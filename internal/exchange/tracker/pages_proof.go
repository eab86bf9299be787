package tracker

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"simpul"
	"simpul/internal/platform/web"
)

// proofPath is where the file of a proof is, below the page of its access.
const proofPath = "/bukti"

// proofView is what the page of an access says of its proof.
type proofView struct {
	Proof
	Fault *simpul.Error // why there is none now
	Page  string        // address of the access
	Check string        // where anybody checks a proof
}

func (v proofView) file() string { return v.Page + proofPath }

func (p *Pages) proofOf(ctx context.Context, s subject, id simpul.ExchangeID, page string) (v proofView, err error) {
	v.Page, v.Check = page, p.config.Check
	v.Proof, err = p.service.Prove(ctx, s.nik, id)
	if fault, ok := errors.AsType[*simpul.Error](err); ok && fault.Code != simpul.CodeInternal {
		v.Fault, err = fault, nil
	}
	return v, err
}

// proof hands out the file.
func (p *Pages) proof(w http.ResponseWriter, r *http.Request, s subject) {
	id := simpul.ExchangeID(r.PathValue("exchange"))
	found, err := p.service.Prove(r.Context(), s.nik, id)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Disposition", `attachment; filename="`+proofFile(id)+`"`)
	h.Set("Cache-Control", "no-store")
	w.Write(found.File)
}

// seenBy says who has seen that the record is there, besides the hub.
func seenBy(ctx context.Context, p Proof) string {
	names := strings.Join(p.Witnesses, ", ")
	switch {
	case len(p.Witnesses) == 0:
		return web.T(ctx, "Hub sudah menandatanganinya. Saksi dari luar hub belum ikut; unduh lagi beberapa menit kemudian bila Anda memerlukannya.",
			"The hub has signed it. No witness from outside of the hub has yet; download it again in a few minutes if you need one.")
	case p.Dependent:
		return web.T(ctx, "Hub sudah menandatanganinya, dan "+names+" ikut menyaksikan. Saksi itu masih dijalankan pengelola hub sendiri.",
			"The hub has signed it, and "+names+" has witnessed it. That witness is still run by the hub's own operator.")
	}
	return web.T(ctx, "Hub sudah menandatanganinya, dan "+names+" ikut menyaksikan pada "+web.Moment(ctx, p.Newest)+".",
		"The hub has signed it, and "+names+" witnessed it on "+web.Moment(ctx, p.Newest)+".")
}
