package agency

import (
	"net/http"
	"strings"

	"simpul"
)

// certificateForm is what somebody enters about a certificate.
type certificateForm struct {
	label, certificate, subject, authority string
	fault                                  fault
}

// wish takes what looks like a certificate for one, and anything else for its
// fingerprint.
func (f certificateForm) wish() CertificateWish {
	w := CertificateWish{Label: f.label, Subject: f.subject, Authority: f.authority}
	if strings.Contains(f.certificate, "-----BEGIN") {
		w.Certificate = f.certificate
	} else {
		w.Thumbprint = f.certificate
	}
	return w
}

func (p *Pages) addCertificate(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	get := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	f := certificateForm{label: get("label"), certificate: get("certificate"), subject: get("subject"), authority: get("authority")}
	if len(f.label) > 100 {
		f.label = shortened(f.label)[:100]
	}
	_, err := p.Applications.AddCertificate(r.Context(), who, r.PathValue("id"), f.wish())
	if wrong, ok := mendable(err); ok && simpul.CodeOf(err) != simpul.CodeNotFound {
		f.fault = wrong
		p.showApplication(w, r, who, http.StatusBadRequest, nil, f)
		return
	}
	p.afterwards(w, r, err, "sertifikat")
}

func (p *Pages) revokeCertificate(w http.ResponseWriter, r *http.Request, who simpul.Principal) {
	p.afterwards(w, r, p.Applications.RevokeCertificate(r.Context(), who, r.PathValue("id"), r.PathValue("key")), "sertifikat-dicabut")
}
