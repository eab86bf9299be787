package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"

	"simpul"
	"simpul/internal/platform/resource"
)

// maxAnswer is the longest answer that is read, bytes; a page of large
// contracts fits.
const maxAnswer = 64 << 20

// item is the path of one resource; a LID's identifier is two segments.
func item(kind resource.Kind, id string) []string {
	if kind == resource.Limit { // the ID of a LID in it is one segment
		return append([]string{kind.Collection()}, strings.SplitN(id, "/", 2)...)
	}
	return append([]string{kind.Collection()}, strings.Split(id, "/")...)
}

// answer is what the hub said to a request that it did not refuse.
type answer struct {
	status int
	body   []byte
}

// call sends one request below /api/v1. The error is a *refusal where the hub
// refused.
func (h *hub) call(ctx context.Context, method string, path []string, query url.Values, body []byte) (answer, error) {
	response, received, err := h.exchange(ctx, method, path, query, body)
	if err != nil {
		return answer{}, err
	}
	return h.judge(response, received)
}

// download gets a file that is not JSON.
func (h *hub) download(ctx context.Context, path []string, query url.Values) ([]byte, error) {
	response, received, err := h.exchange(ctx, http.MethodGet, path, query, nil)
	if err != nil {
		return nil, err
	}
	if response.StatusCode == http.StatusOK && strings.HasPrefix(response.Header.Get("Content-Disposition"), "attachment") {
		return received, nil
	}
	if _, err := h.judge(response, received); err != nil {
		return nil, err
	}
	return nil, puzzling(errors.New("not a file"))
}

// exchange sends a request with a JSON body, or none.
func (h *hub) exchange(ctx context.Context, method string, path []string, query url.Values, body []byte) (*http.Response, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, h.locate(path, query), bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	h.sign(request, body != nil)
	return h.carry(ctx, request)
}

// send sends a body that is not JSON.
func (h *hub) send(ctx context.Context, path []string, media string, body []byte) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, h.locate(path, nil), bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	h.sign(request, true)
	request.Header.Set("Content-Type", media)
	response, received, err := h.carry(ctx, request)
	if err != nil {
		return answer{}, err
	}
	return h.judge(response, received)
}

// carry sends a request and reads the whole answer.
func (h *hub) carry(ctx context.Context, request *http.Request) (*http.Response, []byte, error) {
	response, err := h.client.Do(request)
	if err != nil {
		return nil, nil, h.unreachable(ctx, err)
	}
	defer response.Body.Close()
	received, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, nil, h.unreachable(ctx, err)
	case len(received) > maxAnswer:
		return nil, nil, h.strange(text("Jawaban dari %s lebih besar dari 64 MiB.", "The answer of %s is larger than 64 MiB.", h.base))
	}
	return response, received, nil
}

// locate writes the path's segments so that none can step out of its place.
func (h *hub) locate(path []string, query url.Values) string {
	segments := []string{"api", "v1"}
	for _, s := range path {
		segments = append(segments, url.PathEscape(s))
	}
	location := h.base.JoinPath(segments...)
	location.RawQuery = query.Encode()
	return location.String()
}

func (h *hub) sign(request *http.Request, hasBody bool) {
	request.Header.Set("Accept", "application/json, application/problem+json")
	request.Header.Set("Accept-Language", string(h.lang))
	request.Header.Set("User-Agent", "simpul/"+build().Version)
	if hasBody {
		request.Header.Set("Content-Type", "application/json")
	}
	if h.token != "" {
		request.Header.Set("Authorization", "Bearer "+h.token.Reveal())
	}
}

// judge tells an answer from a refusal, and both from a server that is no hub.
func (h *hub) judge(response *http.Response, body []byte) (answer, error) {
	media, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	switch {
	case response.StatusCode >= 400 && media == "application/problem+json":
		return answer{}, parseRefusal(response.StatusCode, body)
	case response.StatusCode == http.StatusNoContent, response.StatusCode == http.StatusAccepted && len(body) == 0:
		return answer{status: response.StatusCode}, nil
	case response.StatusCode < 300 && (media == "application/json" || isFile(media)):
		return answer{response.StatusCode, body}, nil
	case response.StatusCode >= 300 && response.StatusCode < 400:
		return answer{}, h.strange(text("%s mengalihkan ke %q.", "%s redirects to %q.", h.base, response.Header.Get("Location")))
	}
	return answer{}, h.strange(text("Jawaban dari %s bukan dari API kendali Simpul (HTTP %d).", "The answer of %s is not from Simpul's control API (HTTP %d).", h.base, response.StatusCode))
}

// isFile reports the formats in which lists of codes and metadata are exported.
func isFile(media string) bool {
	return media == "text/csv" || media == "application/vnd.sdmx.structure+json"
}

func (h *hub) strange(message simpul.Text) error {
	return &simpul.Error{
		Code: simpul.CodeUpstream, Message: message,
		Remedy: text("Sebutkan alamat kendali hub dengan --server atau SIMPUL_SERVER.", "Name the hub's control address with --server or SIMPUL_SERVER."),
	}
}

// puzzling is an answer of a hub whose shape this program does not know.
func puzzling(err error) error {
	return &simpul.Error{
		Code: simpul.CodeUpstream, Err: err,
		Message: text("Jawaban hub tidak dapat dipahami (%v).", "The hub's answer makes no sense (%v).", err),
		Remedy:  text("Gunakan program ini dalam versi yang sama dengan hub; lihat \"simpul version\".", "Use this program in the same version as the hub; see \"simpul version\"."),
	}
}

// unreachable explains why there is no answer.
func (h *hub) unreachable(ctx context.Context, err error) error {
	cause := err
	if e, ok := errors.AsType[*url.Error](err); ok {
		cause = e.Err
	}
	e := &simpul.Error{
		Code: simpul.CodeUnavailable, Err: err,
		Message: text("Tidak dapat menghubungi %s (%v).", "Cannot reach %s (%v).", h.base, cause),
		Remedy:  text("Apakah hub berjalan? Jalankan dengan \"simpul serve\", atau sebutkan alamatnya dengan --server.", "Is the hub running? Start it with \"simpul serve\", or pass --server."),
	}
	_, badCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	timeout, _ := errors.AsType[net.Error](err)
	switch {
	case ctx.Err() != nil:
		e.Message = text("Dihentikan sebelum hub menjawab.", "Stopped before the hub answered.")
		e.Remedy = text("Periksa dengan \"simpul diff\" apa yang sudah tersimpan.", "Check with \"simpul diff\" what has been stored.")
	case badCertificate:
		e.Remedy = text("Periksa alamatnya, dan apakah sertifikat penerbitnya terpasang di mesin ini.", "Check the address, and whether its issuer's certificate is installed on this machine.")
	case timeout != nil && timeout.Timeout():
		e.Message = text("%s tidak menjawab dalam %v.", "%s did not answer within %v.", h.base, h.client.Timeout)
		e.Remedy = text("Coba lagi; bila tetap diam, periksa log hub.", "Try again; if it stays silent, look at the hub's log.")
	}
	return e
}
