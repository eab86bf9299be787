package app_test

import (
	"fmt"
	"strings"
)

// lengths are bodies that end where Content-Length says, or where it is not clear
// what it says (RFC 9112, section 6.3).
func (c caller) lengths() []hostile {
	length := func(value string) string { return c.post("abc"+c.behind(), "Content-Length: "+value) }
	whole := fmt.Sprintf("Content-Length: %d", len(inner))
	return []hostile{
		{name: "canary in a body", bytes: c.post(inner, whole), must: "200 200"},
		{name: "canary behind a body", bytes: length("3"), must: "200 200 200"},
		{name: "canary in the body of a GET", bytes: c.get("", whole) + inner, must: "200 200"},
		{name: "canary behind a GET", bytes: c.get("") + c.behind(), must: "200 200 200"},
		{name: "canary without a length", bytes: c.post(inner), must: "200 401 200"},
		{name: "no content, and a canary", bytes: c.post(c.behind(), "Content-Length: 0"), must: "200 200 200"},
		{name: "two lengths", bytes: c.post(inner, whole, "Content-Length: 0"), must: refused},
		{name: "two lengths, the other way around", bytes: c.post(inner, "Content-Length: 0", whole), must: refused},
		{name: "one length twice", bytes: c.post("abc"+c.behind(), "Content-Length: 3", "Content-Length: 3"), must: refused},
		{name: "one length twice, in another case", bytes: c.post("abc"+c.behind(), "Content-Length: 3", "content-length: 4"), must: refused},
		{name: "list of lengths", bytes: length("3, 3"), must: refused},
		{name: "list of two lengths", bytes: length("3, 300"), must: refused},
		{name: "length with a comma", bytes: length("3,"), must: refused},
		{name: "signed length", bytes: length("+3"), must: refused},
		{name: "negative length", bytes: length("-3"), must: refused},
		{name: "negative zero", bytes: length("-0"), must: refused},
		{name: "hexadecimal length", bytes: length("0x3"), must: refused},
		{name: "exponent", bytes: length("3e0"), must: refused},
		{name: "fraction", bytes: length("3.0"), must: refused},
		{name: "length with a space", bytes: length("3 0"), must: refused},
		{name: "length with an underscore", bytes: length("1_0"), must: refused},
		{name: "length with a vertical tab", bytes: length("3\v"), must: refused},
		{name: "length with NUL", bytes: length("3\x00"), must: refused},
		{name: "length in other digits", bytes: length("٣"), must: refused},
		{name: "empty length", bytes: length(""), must: refused},
		{name: "length in quotes", bytes: length(`"3"`), must: refused},
		{name: "length beyond 64 bits", bytes: length("18446744073709551619"), must: refused}, // 3, to who wraps around
		{name: "length beyond 63 bits", bytes: length("9223372036854775808"), must: refused},
		{name: "length beyond any number", bytes: length(strings.Repeat("9", 400)), must: refused},
		{name: "leading zeros", bytes: length("0003"), must: "200 200 200"},
		{name: "tabs around the length", bytes: length("\t3\t"), must: "200 200 200"},
		{name: "space before the colon of the length", bytes: c.post("abc"+c.behind(), "Content-Length : 3"), must: refused},
		{name: "space before the length's name", bytes: c.post("abc"+c.behind(), " Content-Length: 3"), must: refused},
		{name: "folded length", bytes: length("\r\n 3"), must: refused},
		{name: "length in a folded line", bytes: c.post(inner, "X-A: b\r\n "+whole), must: refused},
		{name: "length with an underscore in its name", bytes: c.post("abc"+c.behind(), "Content-Length: 3", "Content_Length: 300"), must: "200 200 200"},
		{name: "length of the body, then less of it", bytes: c.post("abc", "Content-Length: 300"), must: refused, ends: true},
	}
}

// codings are bodies whose Transfer-Encoding divides readers.
func (c caller) codings() []hostile {
	coded := func(headers ...string) string { return c.post("0\r\n\r\n"+c.behind(), headers...) }
	// To who takes the length, the canary is within the body.
	hidden := func(coding string) string {
		body := "0\r\n\r\n" + inner
		return c.post(body, fmt.Sprintf("Content-Length: %d", len(body)), coding)
	}
	return []hostile{
		{name: "canary in chunks", bytes: c.post(fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(inner), inner), chunking), must: "200 200"},
		{name: "canary behind chunks", bytes: coded(chunking), must: "200 200 200"},
		{name: "CL.TE", bytes: hidden(chunking), must: refused},
		{name: "CL.TE, length last", bytes: c.post("0\r\n\r\n"+inner, chunking, fmt.Sprintf("Content-Length: %d", 5+len(inner))), must: refused},
		{name: "TE.CL", bytes: c.post(fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(inner), inner), "Content-Length: 4", chunking), must: refused},
		{name: "length of zero and chunks", bytes: c.post(fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(inner), inner), "Content-Length: 0", chunking), must: refused},
		{name: "TE.TE, an unknown one first", bytes: hidden("Transfer-Encoding: xchunked\r\n" + chunking), must: refused},
		{name: "TE.TE, an unknown one last", bytes: hidden(chunking + "\r\nTransfer-Encoding: xchunked"), must: refused},
		{name: "TE.TE, in another case", bytes: hidden(chunking + "\r\ntransfer-encoding: cow"), must: refused},
		{name: "chunked in capitals", bytes: coded("Transfer-Encoding: CHUNKED"), must: "200 200 200"},
		{name: "coding behind a tab", bytes: coded("Transfer-Encoding:\tchunked"), must: "200 200 200"},
		{name: "coding before spaces", bytes: coded("Transfer-Encoding: chunked \t "), must: "200 200 200"},
		{name: "coding behind a vertical tab", bytes: hidden("Transfer-Encoding: \vchunked"), must: refused},
		{name: "coding before a vertical tab", bytes: hidden("Transfer-Encoding: chunked\v"), must: refused},
		{name: "coding before a form feed", bytes: hidden("Transfer-Encoding: chunked\f"), must: refused},
		{name: "coding before NUL", bytes: hidden("Transfer-Encoding: chunked\x00"), must: refused},
		{name: "coding before a non-breaking space", bytes: hidden("Transfer-Encoding: chunked\xa0"), must: refused},
		{name: "coding before a carriage return", bytes: hidden("Transfer-Encoding: chunked\r"), must: refused},
		{name: "coding after bare LF", bytes: hidden("X-A: b\nTransfer-Encoding: chunked"), must: refused},
		{name: "coding after bare CR", bytes: hidden("X-A: b\rTransfer-Encoding: chunked"), must: refused},
		{name: "folded coding", bytes: coded("Transfer-Encoding:\r\n chunked"), must: refused},
		{name: "coding in a folded line", bytes: hidden("X-A: b\r\n Transfer-Encoding: chunked"), must: refused},
		{name: "coding's name with a space", bytes: hidden("Transfer-Encoding : chunked"), must: refused},
		{name: "coding's name with a tab", bytes: hidden("Transfer-Encoding\t: chunked"), must: refused},
		{name: "coding's name with NUL", bytes: hidden("Transfer-Encoding\x00: chunked"), must: refused},
		{name: "coding's name with an underscore", bytes: hidden("Transfer_Encoding: chunked"), must: "200 200"},
		{name: "chunked twice in a list", bytes: coded("Transfer-Encoding: chunked, chunked"), must: refused},
		{name: "chunked twice", bytes: coded(chunking, chunking), must: refused},
		{name: "empty member of the list", bytes: coded("Transfer-Encoding: , chunked"), must: refused},
		{name: "empty last member", bytes: coded("Transfer-Encoding: chunked,"), must: refused},
		{name: "identity", bytes: c.post("abc"+c.behind(), "Transfer-Encoding: identity", "Content-Length: 3"), must: refused},
		{name: "chunked, identity", bytes: coded("Transfer-Encoding: chunked, identity"), must: refused},
		{name: "identity, chunked", bytes: coded("Transfer-Encoding: identity, chunked"), must: refused},
		{name: "gzip, chunked", bytes: coded("Transfer-Encoding: gzip, chunked"), must: refused},
		{name: "coding with a parameter", bytes: coded("Transfer-Encoding: chunked;q=1"), must: refused},
		{name: "coding in quotes", bytes: hidden(`Transfer-Encoding: "chunked"`), must: refused},
		{name: "empty coding", bytes: c.post("abc"+c.behind(), "Transfer-Encoding:", "Content-Length: 3"), must: refused},
		{name: "unknown coding and a length", bytes: c.post("abc"+c.behind(), "Transfer-Encoding: x", "Content-Length: 3"), must: refused},
		{name: "chunks in a GET", bytes: c.get("", chunking) + "0\r\n\r\n" + c.behind(), must: "200 200 200"},
	}
}

// chunks are chunked bodies that are malformed, or look it.
func (c caller) chunks() []hostile {
	body := func(text string) string { return c.post(text, chunking) }
	end := "0\r\n\r\n"
	return []hostile{
		{name: "chunk extension", bytes: body("3;a=b\r\nabc\r\n" + end + c.behind()), must: "200 200 200"},
		{name: "chunk extension in quotes", bytes: body("3;a=\"b;c\"\r\nabc\r\n" + end + c.behind()), must: "200 200 200"},
		{name: "chunk extension without a name", bytes: body("3;\r\nabc\r\n" + end + c.behind()), must: refused},
		{name: "line end within the quotes of an extension", bytes: body("3;a=\"\r\nabc\r\n0\r\n\r\n" + c.behind() + "\"\r\nabc\r\n" + end), must: refused},
		{name: "bare LF in an extension", bytes: body("2;\nxx\r\n4c\r\n0\r\n\r\n" + c.behind() + "\r\n" + end), must: refused},
		{name: "bare CR in an extension", bytes: body("2;\rxx\r\nab\r\n" + end + c.behind()), must: refused},
		{name: "huge extension", bytes: body("3;" + strings.Repeat("a", 200_000) + "\r\nabc\r\n" + end + c.behind()), must: refused},
		{name: "extensions without end", bytes: body(strings.Repeat("1;"+strings.Repeat("a", 1000)+"\r\nx\r\n", 500) + end + c.behind()), must: refused},
		{name: "many tiny chunks", bytes: body(strings.Repeat("1\r\nx\r\n", 5000) + end + c.behind()), must: "200 200 200"},
		{name: "capital digits", bytes: body("A\r\n0123456789\r\n" + end + c.behind()), must: "200 200 200"},
		{name: "leading zeros of a chunk", bytes: body("0000003\r\nabc\r\n" + end + c.behind()), must: "200 200 200"},
		{name: "many zeros", bytes: body(strings.Repeat("0", 40) + "3\r\nabc\r\n" + end + c.behind()), must: refused},
		{name: "chunk size beyond 64 bits", bytes: body("10000000000000003\r\nabc\r\n" + end + c.behind()), must: refused},
		{name: "chunk size beyond 63 bits", bytes: body("8000000000000003\r\nabc\r\n" + end + c.behind()), must: refused, ends: true},
		{name: "chunk size of 32 bits and more", bytes: body("100000003\r\nabc\r\n" + end + c.behind()), must: refused, ends: true},
		{name: "negative chunk", bytes: body("-3\r\nabc\r\n" + end + c.behind()), must: refused},
		{name: "signed chunk", bytes: body("+3\r\nabc\r\n" + end + c.behind()), must: refused},
		{name: "chunk with a prefix", bytes: body("0x3\r\nabc\r\n" + end + c.behind()), must: refused},
		{name: "chunk with an underscore", bytes: body("0_3\r\nabc\r\n" + end + c.behind()), must: refused},
		{name: "space before a chunk", bytes: body(" 3\r\nabc\r\n" + end + c.behind()), must: refused},
		{name: "space behind a chunk's size", bytes: body("3 \r\nabc\r\n" + end + c.behind()), must: refused},
		{name: "NUL behind a chunk's size", bytes: body("3\x00\r\nabc\r\n" + end + c.behind()), must: refused},
		{name: "no size", bytes: body("\r\nabc\r\n" + end + c.behind()), must: refused},
		{name: "size that is no number", bytes: body("zz\r\nabc\r\n" + end + c.behind()), must: refused},
		{name: "bare LF behind a chunk's size", bytes: body("3\nabc\r\n" + end + c.behind()), must: refused},
		{name: "bare LF behind a chunk", bytes: body("3\r\nabc\n" + end + c.behind()), must: refused},
		{name: "bare LF behind the last chunk", bytes: body("3\r\nabc\r\n0\n\r\n" + c.behind()), must: refused},
		{name: "bare LF as the end", bytes: body("3\r\nabc\r\n0\r\n\n" + c.behind()), must: refused},
		{name: "CR without LF behind a chunk", bytes: body("3\r\nabc\rX" + end + c.behind()), must: refused},
		{name: "chunk longer than its size", bytes: body("3\r\nabcdef\r\n" + end + c.behind()), must: refused},
		{name: "chunk shorter than its size", bytes: body("8\r\nabc\r\n" + end + c.behind()), must: refused},
		{name: "chunk without its line end", bytes: body("3\r\nabc" + end + c.behind()), must: refused},
		{name: "no last chunk", bytes: body("3\r\nabc\r\n" + c.behind()), must: refused},
		{name: "no last chunk, and the end", bytes: body("3\r\nabc\r\n"), must: refused, ends: true},
		{name: "half a last chunk", bytes: body("3\r\nabc\r\n0\r\n"), must: refused, ends: true},
		{name: "last chunk of many zeros", bytes: body("3\r\nabc\r\n00000\r\n\r\n" + c.behind()), must: "200 200 200"},
		{name: "last chunk with an extension", bytes: body("3\r\nabc\r\n0;a=b\r\n\r\n" + c.behind()), must: "200 200 200"},
		{name: "two last chunks", bytes: body("3\r\nabc\r\n" + end + end + c.behind()), must: "200 400"},
	}
}

// trailers are fields behind a chunked body that would change what stands before
// it.
func (c caller) trailers() []hostile {
	trailer := func(lines ...string) string {
		return c.post("3\r\nabc\r\n0\r\n"+strings.Join(lines, "\r\n")+"\r\n\r\n"+c.behind(), chunking)
	}
	return []hostile{
		{name: "trailer", bytes: trailer("X-Sum: 1"), must: "200 200 200"},
		{name: "announced trailer", bytes: c.post("3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"+c.behind(), chunking, "Trailer: X-Sum"), must: "200 200 200"},
		{name: "length in the trailer", bytes: trailer("Content-Length: 300"), must: "200 200 200"},
		{name: "announced length in the trailer", bytes: c.post("3\r\nabc\r\n0\r\nContent-Length: 300\r\n\r\n"+c.behind(), chunking, "Trailer: Content-Length"), must: "200 200 200"},
		{name: "coding in the trailer", bytes: trailer(chunking), must: "200 200 200"},
		{name: "announced coding in the trailer", bytes: c.post("3\r\nabc\r\n0\r\n"+chunking+"\r\n\r\n"+c.behind(), chunking, "Trailer: Transfer-Encoding"), must: "200 200 200"},
		{name: "host in the trailer", bytes: trailer("Host: jahat.example"), must: "200 200 200"},
		{name: "credentials in the trailer", bytes: trailer("Authorization: Bearer x", "Cookie: a=b"), must: "200 200 200"},
		{name: "identity in the trailer", bytes: trailer("Simpul-Application: bos@jahat.go.id", "Exchange-Id: kenari"), must: "200 200 200"},
		{name: "connection in the trailer", bytes: trailer("Connection: close"), must: "200 200 200"},
		{name: "folded trailer", bytes: trailer("X-Sum: 1\r\n 2"), must: refused},
		{name: "trailer without a colon", bytes: trailer("XSum"), must: refused},
		{name: "trailer's name with a space", bytes: trailer("X-Sum : 1"), must: refused},
		{name: "trailer with NUL", bytes: trailer("X-Sum: \x00"), must: refused},
		{name: "trailer that is a request", bytes: trailer(strings.TrimSpace(inner)), must: refused},
		{name: "trailer with bare LF", bytes: trailer("X-Sum: 1\nX-B: c"), must: refused},
		{name: "endless trailer", bytes: trailer(strings.Repeat("X-Sum: 1\r\n", 20_000) + "X-Sum: 2"), must: refused},
		{name: "trailer that does not end", bytes: c.post("3\r\nabc\r\n0\r\nX-Sum: 1\r\n", chunking), must: refused, ends: true},
	}
}
