#include "arrow/export.h"

#include <cstring>

#include "arrow/kept_memory.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace csat {
namespace {

// Owner of everything an exported schema points to.
struct SchemaOwner {
  std::string format, name;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> child_pointers;
  ArrowSchema dictionary{};
};

// Children and dictionaries may have been moved out by the consumer: their release is NULL then.
void ReleaseSchema(ArrowSchema* schema) {
  for (std::int64_t i = 0; i < schema->n_children; ++i) {
    if (schema->children[i]->release != nullptr) schema->children[i]->release(schema->children[i]);
  }
  if (schema->dictionary != nullptr && schema->dictionary->release != nullptr)
    schema->dictionary->release(schema->dictionary);
  delete static_cast<SchemaOwner*>(schema->private_data);
  schema->release = nullptr;
}

void FillSchema(std::string format, std::string name, std::int64_t flags, std::size_t children,
                ArrowSchema* schema) {
  auto owner = std::make_unique<SchemaOwner>();
  owner->format = std::move(format);
  owner->name = std::move(name);
  owner->children.resize(children);
  for (ArrowSchema& child : owner->children) owner->child_pointers.push_back(&child);
  *schema = ArrowSchema{};
  schema->format = owner->format.c_str();
  schema->name = owner->name.c_str();
  schema->flags = flags;
  schema->n_children = static_cast<std::int64_t>(children);
  schema->children = children == 0 ? nullptr : owner->child_pointers.data();
  schema->release = ReleaseSchema;
  schema->private_data = owner.release();
}

struct ArrayOwner {
  std::vector<Buffer> held;
  std::vector<const void*> buffers;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> child_pointers;
  ArrowArray dictionary{};
};

void ReleaseArray(ArrowArray* array) {
  for (std::int64_t i = 0; i < array->n_children; ++i) {
    if (array->children[i]->release != nullptr) array->children[i]->release(array->children[i]);
  }
  if (array->dictionary != nullptr && array->dictionary->release != nullptr)
    array->dictionary->release(array->dictionary);
  delete static_cast<ArrayOwner*>(array->private_data);
  array->release = nullptr;
}

ArrayOwner* FillArray(std::vector<Buffer> buffers, std::int64_t length, std::int64_t null_count,
                      std::size_t children, ArrowArray* array) {
  auto owner = std::make_unique<ArrayOwner>();
  owner->held = std::move(buffers);
  for (const Buffer& buffer : owner->held) owner->buffers.push_back(buffer.data());
  owner->children.resize(children);
  for (ArrowArray& child : owner->children) owner->child_pointers.push_back(&child);
  *array = ArrowArray{};
  array->length = length;
  array->null_count = null_count;
  array->n_buffers = static_cast<std::int64_t>(owner->buffers.size());
  array->buffers = owner->buffers.data();
  array->n_children = static_cast<std::int64_t>(children);
  array->children = children == 0 ? nullptr : owner->child_pointers.data();
  array->release = ReleaseArray;
  array->private_data = owner.get();
  return owner.release();
}

template <typename... B>
std::vector<Buffer> Buffers(B... buffers) {
  std::vector<Buffer> all;
  (all.push_back(std::move(buffers)), ...);
  return all;
}

// Words as a utf8 array. false: no memory.
bool FillWords(const std::vector<std::string>& words, ArrowArray* array) {
  std::size_t bytes = 0;
  for (const std::string& word : words) bytes += word.size();
  Buffer offsets = Buffer::Allocate((words.size() + 1) * sizeof(std::int32_t));
  Buffer text = Buffer::Allocate(bytes == 0 ? 1 : bytes);
  if (offsets.data() == nullptr || text.data() == nullptr) return false;
  std::int32_t at = 0;
  offsets.as<std::int32_t>()[0] = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].empty()) std::memcpy(text.as<char>() + at, words[i].data(), words[i].size());
    at += static_cast<std::int32_t>(words[i].size());
    offsets.as<std::int32_t>()[i + 1] = at;
  }
  FillArray(Buffers(Buffer(), std::move(offsets), std::move(text)), static_cast<std::int64_t>(words.size()),
            0, 0, array);
  return true;
}

}  // namespace

Buffer Buffer::Allocate(std::size_t bytes) {
  constexpr std::size_t kHuge = std::size_t{2} << 20;
  const std::size_t border = bytes >= kLeastKept ? kHuge : 64;
  if (bytes > SIZE_MAX - border) return Buffer();
  Buffer buffer;
  buffer.whole_ = bytes == 0 ? border : (bytes + border - 1) / border * border;
  buffer.data_ = TakeKept(buffer.whole_, &buffer.whole_);
  if (buffer.data_ == nullptr) {
    buffer.data_ = std::aligned_alloc(border, buffer.whole_);
    if (buffer.data_ == nullptr) return Buffer();
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    // A hint; its failure costs only time.
    if (border == kHuge) madvise(buffer.data_, buffer.whole_, MADV_HUGEPAGE);
#endif
  }
  buffer.size_ = bytes;
  return buffer;
}

Buffer::~Buffer() {
  if (data_ != nullptr && !Keep(data_, whole_)) std::free(data_);
}

bool ExportStructSchema(const std::vector<OutColumn>& columns, ArrowSchema* schema) {
  // Freed again unless all of it could be made.
  struct Made {
    ArrowSchema schema{};
    ~Made() {
      if (schema.release != nullptr) schema.release(&schema);
    }
  } made;
  FillSchema("+s", "", 0, columns.size(), &made.schema);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    ArrowSchema* child = made.schema.children[i];
    FillSchema(columns[i].format, columns[i].name, columns[i].nullable ? ARROW_FLAG_NULLABLE : 0, 0, child);
    if (columns[i].has_dictionary) {
      child->dictionary = &static_cast<SchemaOwner*>(child->private_data)->dictionary;
      FillSchema("u", "", ARROW_FLAG_NULLABLE, 0, child->dictionary);
    }
  }
  *schema = std::exchange(made.schema, ArrowSchema{});
  return true;
}

bool ExportStruct(std::vector<OutColumn> columns, std::int64_t rows, ArrowSchema* schema, ArrowArray* array) {
  // Whatever is made is freed again unless all of it could be made.
  struct Made {
    ArrowSchema schema{};
    ArrowArray array{};
    ~Made() {
      if (schema.release != nullptr) schema.release(&schema);
      if (array.release != nullptr) array.release(&array);
    }
  } made;
  ExportStructSchema(columns, &made.schema);
  FillArray(Buffers(Buffer()), rows, 0, columns.size(), &made.array);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    ArrowArray* child = made.array.children[i];
    ArrayOwner* owner = FillArray(Buffers(std::move(columns[i].validity), std::move(columns[i].values)),
                                  columns[i].length, columns[i].null_count, 0, child);
    if (columns[i].has_dictionary) {
      child->dictionary = &owner->dictionary;
      if (!FillWords(columns[i].dictionary, child->dictionary)) return false;
    }
  }
  *schema = std::exchange(made.schema, ArrowSchema{});
  *array = std::exchange(made.array, ArrowArray{});
  return true;
}

}  // namespace csat
