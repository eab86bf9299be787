package web

import (
	"net/http"

	"simpul"
)

// Content is only what this program serves itself: no foreign host, no inline
// script or style, no eval, no frame around it. Forms go nowhere else.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const permissionsPolicy = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), " +
	"magnetometer=(), microphone=(), midi=(), payment=(), usb=(), clipboard-write=(self)"

// Secure sets the headers that keep a page to itself, and refuses requests that
// another site makes a browser send (cross-site request forgery): an unsafe
// method from another origin, as Sec-Fetch-Site or Origin tell. Clients that
// are no browsers send neither and pass. Requests over TLS are answered with
// HSTS; put TLS in this process to get it.
func Secure(next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(refuseCrossOrigin))
	guarded := guard.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentSecurityPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY") // browsers that do not know frame-ancestors
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", permissionsPolicy)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if r.TLS != nil {
			h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		}
		guarded.ServeHTTP(w, r)
	})
}

func refuseCrossOrigin(w http.ResponseWriter, r *http.Request) {
	Fail(w, r, &simpul.Error{
		Code:    simpul.CodeDenied,
		Message: simpul.Text{ID: "Permintaan ini dikirim dari situs lain, jadi kami tidak menjalankannya.", EN: "This request came from another site, so we did not carry it out."},
		Remedy:  simpul.Text{ID: "Buka halaman ini langsung di portal, lalu ulangi dari sana.", EN: "Open the page in this portal itself and try again from there."},
	})
}
