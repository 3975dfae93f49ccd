// Rows of a comma-separated file, as tests read their data.
#ifndef CSAT_SCORING_CSV_ROWS_H_
#define CSAT_SCORING_CSV_ROWS_H_

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace csat {

// Cells by column.
using Row = std::map<std::string, std::string>;

// The bytes of a file, unzipped.
inline std::string Bytes(const std::filesystem::path& path) {
  const bool zipped = path.extension() == ".gz";
  const std::string command = absl::StrCat(zipped ? "gzip -dc '" : "cat '", path.string(), "'");
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string bytes;
  char part[1 << 16];
  for (std::size_t n; (n = std::fread(part, 1, sizeof part, pipe.get())) > 0;) bytes.append(part, n);
  return bytes;
}

// Comma-separated values with quotes and a heading.
inline std::vector<std::vector<std::string>> Lines(const std::string& text) {
  std::vector<std::vector<std::string>> lines;
  std::vector<std::string> line(1);
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      if (quoted && i + 1 < text.size() && text[i + 1] == '"') {
        line.back() += text[++i];
      } else {
        quoted = !quoted;
      }
    } else if (c == ',' && !quoted) {
      line.emplace_back();
    } else if (c == '\n' && !quoted) {
      lines.push_back(std::move(line));
      line.assign(1, "");
    } else if (c != '\r') {
      line.back() += c;
    }
  }
  if (line.size() > 1) lines.push_back(std::move(line));  // The last line may lack its end.
  return lines;
}

inline std::vector<Row> Rows(const std::filesystem::path& path) {
  const std::vector<std::vector<std::string>> lines = Lines(Bytes(path));
  std::vector<Row> rows;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    Row row;
    for (std::size_t c = 0; c < lines[i].size() && c < lines[0].size(); ++c) row[lines[0][c]] = lines[i][c];
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace csat

#endif  // CSAT_SCORING_CSV_ROWS_H_
