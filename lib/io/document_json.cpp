#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "io/document_formats.hpp"

namespace photonlink {
namespace {

using File = std::shared_ptr<const std::string>;

[[noreturn]] void fail_at_byte(std::string_view text, std::size_t byte, const File& file,
                               std::string_view reason) {
  const std::string_view read = text.substr(0, std::min(byte > 0 ? byte - 1 : 0, text.size()));
  const auto line = 1 + std::count(read.begin(), read.end(), '\n');
  const auto start = read.rfind('\n');
  const auto column = read.size() - (start == std::string_view::npos ? 0 : start + 1) + 1;
  throw ConfigError(fmt::format("{}:{}:{}: not valid JSON: {}", *file, line, column, reason));
}

/// Builds the tree from parser events: unlike nlohmann::json itself it sees a key that is written twice.
class TreeBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  TreeBuilder(std::string_view text, File file) : text_(text), file_(std::move(file)) {}
  Node take() { return std::move(root_); }

  bool null() override { fail("null has no meaning here; leave the key out"); }
  bool boolean(bool value) override { return add({value, {file_}}); }
  bool number_integer(number_integer_t value) override { return add({value, {file_}}); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value <= static_cast<number_unsigned_t>(INT64_MAX))
      return add({static_cast<std::int64_t>(value), {file_}});
    return add({static_cast<double>(value), {file_}});
  }
  bool number_float(number_float_t value, const string_t&) override { return add({value, {file_}}); }
  bool string(string_t& value) override { return add({value, {file_}}); }
  bool binary(binary_t&) override { fail("binary data has no meaning here"); }
  bool start_object(std::size_t) override { return open({Node::Table{}, {file_}}); }
  bool start_array(std::size_t) override { return open({Node::Array{}, {file_}}); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (open_.back().table()->size() >= most_keys_per_table)
      fail(fmt::format("an object has more than {} keys", most_keys_per_table));
    if (find_member(*open_.back().table(), name)) fail(fmt::format("key '{}' is written twice", name));
    keys_.back() = name;
    return true;
  }
  bool parse_error(std::size_t byte, const std::string&, const nlohmann::json::exception& error) override {
    const std::string_view message = error.what();
    const auto colon = message.find(": ");
    fail_at_byte(text_, byte, file_, colon == std::string_view::npos ? message : message.substr(colon + 2));
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const {
    std::string path;
    for (std::size_t i = 0; i < open_.size(); ++i) {
      if (const auto* elements = open_[i].array()) path += fmt::format("[{}]", elements->size());
      if (open_[i].table() && !keys_[i].empty()) path += (path.empty() ? "" : ".") + keys_[i];
    }
    throw ConfigError(fmt::format("{}: {}{}{}", *file_, path, path.empty() ? "" : ": ", reason));
  }
  bool open(Node node) {
    if (static_cast<int>(open_.size()) >= deepest_document_level)
      fail(fmt::format("objects and lists nest deeper than {}", deepest_document_level));
    open_.push_back(std::move(node));
    keys_.emplace_back();
    return true;
  }
  bool close() {
    Node node = std::move(open_.back());
    open_.pop_back();
    keys_.pop_back();
    return add(std::move(node));
  }
  bool add(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (auto* elements = std::get_if<Node::Array>(&open_.back().value)) {
      elements->push_back(std::move(node));
    } else {
      std::get<Node::Table>(open_.back().value).push_back({keys_.back(), {file_}, std::move(node)});
    }
    return true;
  }

  std::string_view text_;
  File file_;
  Node root_;
  std::vector<Node> open_;         // containers not yet closed, outermost first
  std::vector<std::string> keys_;  // key being read in each of them
};

}  // namespace

Node parse_json(std::string_view text, const File& file) {
  TreeBuilder builder(text, file);
  nlohmann::json::sax_parse(text, &builder);
  Node root = builder.take();
  if (!root.table()) throw ConfigError(fmt::format("{}: an object {{...}} is expected at the top", *file));
  return root;
}

}  // namespace photonlink
