package standard

import "encoding/json"

type object = map[string]any

// Contract is the OpenAPI 3.1 document of a list's LID; its paths are relative
// to the LID's address.
func Contract(id ListID, s ListSpec) (json.RawMessage, error) {
	return json.Marshal(object{
		"openapi": "3.1.0",
		"info":    object{"title": s.Title.ID, "version": "1.0", "description": s.Description + "\n\nDaftar kode referensi " + string(id) + ". Sumber: " + s.Source},
		"paths": object{
			"/":               object{"get": operation("daftarKode", "Kode yang berlaku pada satu tanggal", "DaftarKode", "400", exampleList(), dateParameter(), parentParameter(), textParameter(), limitParameter(), cursorParameter())},
			"/{kode}":         object{"get": operation("ambilKode", "Arti satu kode pada satu tanggal", "Kode", "404", exampleMeaning(), codeParameter(), dateParameter())},
			"/{kode}/padanan": object{"get": operation("padananKode", "Padanan satu kode di daftar lain pada satu tanggal", "Padanan", "404", exampleMapping(), codeParameter(), dateParameter())},
		},
		"components": object{"schemas": object{
			"DaftarKode": structure([]string{"items", "tanggal"}, object{
				"items": object{"type": "array", "maxItems": mostServed, "items": object{"$ref": "#/components/schemas/Baris"}}, "tanggal": day("Tanggal yang dijawab"), "next": words("Nilai cursor halaman berikutnya; tidak ada di halaman terakhir")}),
			"Baris": structure([]string{"kode", "nama"}, codeMembers()),
			"Kode":  structure([]string{"kode", "nama", "tanggal"}, with(codeMembers(), "tanggal", day("Tanggal yang dijawab"))),
			"Padanan": structure([]string{"kode", "tanggal", "items"}, object{
				"kode": words("Kode yang ditanyakan"), "tanggal": day("Tanggal yang dijawab"),
				"items": object{"type": "array", "maxItems": mostServed, "items": structure([]string{"daftar", "kode", "hubungan"}, object{
					"daftar": words("Daftar lain"), "kode": words("Kode di daftar itu"),
					"hubungan":     object{"type": "string", "enum": []string{"exact", "broader", "narrower"}, "description": "exact: persis sama; broader: lebih luas; narrower: bagiannya"},
					"berlaku_dari": day("Hari pertama padanan berlaku"), "berlaku_sampai": day("Hari pertama padanan tidak berlaku lagi"), "sumber": words("Dasarnya")})}}),
			"Masalah": object{"type": "object", "properties": object{"code": words("Kata tetap untuk program"), "detail": words("Apa yang salah"), "remedy": words("Apa yang perlu dilakukan")}},
		}},
	})
}

// exampleDay is the day of the made-up answers.
const exampleDay = "2026-01-01"

func exampleCode() object {
	return object{"kode": "A.1", "nama": "Contoh nama", "induk": "A", "berlaku_dari": "2022-07-25"}
}

func exampleMeaning() object {
	meaning := exampleCode()
	meaning["tanggal"] = exampleDay
	return meaning
}

func exampleList() object { return object{"items": []object{exampleCode()}, "tanggal": exampleDay} }

func exampleMapping() object {
	return object{"kode": "A.1", "tanggal": exampleDay, "items": []object{{"daftar": "daftar-lain", "kode": "91", "hubungan": "exact"}}}
}

func operation(id, summary, schema, failure string, example object, parameters ...object) object {
	return object{
		"operationId": id, "summary": summary, "parameters": parameters,
		"responses": object{
			"200":   object{"description": summary + ".", "content": object{"application/json": object{"schema": object{"$ref": "#/components/schemas/" + schema}, "example": example}}},
			failure: object{"description": "Permintaan tidak sah, atau kodenya tidak berlaku pada tanggal itu.", "content": object{"application/problem+json": object{"schema": object{"$ref": "#/components/schemas/Masalah"}}}},
		},
	}
}

func parameter(name, description string, schema object) object {
	return object{"name": name, "in": "query", "description": description, "schema": schema}
}

func dateParameter() object {
	return parameter("tanggal", "Tanggal yang ditanyakan; hari ini bila tidak disebut.", object{"type": "string", "format": "date"})
}

func parentParameter() object {
	return parameter("induk", "Hanya kode tepat di bawah kode ini; * untuk semua tingkat; tingkat teratas bila tidak disebut.", object{"type": "string", "maxLength": 64})
}

func textParameter() object {
	return parameter("q", "Hanya kode yang namanya mengandung teks ini, di semua tingkat.", object{"type": "string", "maxLength": 100})
}

func limitParameter() object {
	return parameter("limit", "Banyaknya kode dalam satu halaman.", object{"type": "integer", "minimum": 1, "maximum": mostServed, "default": 100})
}

func cursorParameter() object {
	return parameter("cursor", "Nilai next dari halaman sebelumnya; parameter lain harus sama.", object{"type": "string"})
}

func codeParameter() object {
	return object{"name": "kode", "in": "path", "required": true, "description": "Kodenya.", "schema": object{"type": "string", "maxLength": 64}}
}

func structure(required []string, members object) object {
	return object{"type": "object", "required": required, "properties": members}
}

func words(description string) object { return object{"type": "string", "description": description} }

func day(description string) object {
	return object{"type": "string", "format": "date", "description": description}
}

func codeMembers() object {
	return object{
		"kode": words("Kode"), "nama": words("Nama dalam bahasa Indonesia"), "nama_en": words("Nama dalam bahasa Inggris"), "induk": words("Kode di atasnya"),
		"berlaku_dari": day("Hari pertama berlaku; tidak ada: sejak awal"), "berlaku_sampai": day("Hari pertama tidak berlaku lagi; tidak ada: sampai kini"), "catatan": words("Catatan, misalnya dasar hukum"),
	}
}

func with(members object, name string, member object) object {
	members[name] = member
	return members
}
