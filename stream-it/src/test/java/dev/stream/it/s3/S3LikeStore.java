package dev.stream.it.s3;

import dev.stream.it.backend.Requests;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What s3proxy does for its clients, counted. It keeps objects as files, of which it shows more
 * than S3 would: that none is beneath another, and that removing from a missing bucket succeeds.
 */
final class S3LikeStore extends ForwardingBlobStore implements Counters {

  /** What s3proxy itself stores when an upload in parts begins. */
  private static final String STUB = ".s3proxy-mpu-stub";

  private final Path folder;
  private final AtomicLong puts = new AtomicLong();
  private final AtomicLong lists = new AtomicLong();

  S3LikeStore(Path folder) {
    super(new FilesystemNio2BlobStore(folder.toString()));
    this.folder = folder;
  }

  @Override
  public Requests read() {
    return new Requests(puts.get(), lists.get());
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
    if (!request.key().startsWith(STUB)) {
      puts.incrementAndGet();
    }
    return super.putBlob(request, content);
  }

  @Override
  public CompleteMultipartUploadResponse completeMultipartUpload(
      MultipartUpload upload, CompleteMultipartUploadRequest request) {
    puts.incrementAndGet();
    return super.completeMultipartUpload(upload, request);
  }

  @Override
  public ListObjectsV2Response list(ListObjectsV2Request request) {
    lists.incrementAndGet();
    return super.list(request);
  }

  @Override
  public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
    if (isBeneathAnObject(request.bucket(), request.key())) {
      throw notFound("NoSuchKey");
    }
    return super.getBlob(request);
  }

  @Override
  public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
    if (!containerExists(request.bucket())) {
      throw notFound("NoSuchBucket");
    }
    if (isBeneathAnObject(request.bucket(), request.key())) {
      return DeleteObjectResponse.builder().build();
    }
    return super.removeBlob(request);
  }

  @Override
  public DeleteObjectsResponse removeBlobs(DeleteObjectsRequest request) {
    List<ObjectIdentifier> there =
        request.delete().objects().stream()
            .filter(each -> !isBeneathAnObject(request.bucket(), each.key()))
            .toList();
    return super.removeBlobs(
        request.toBuilder().delete(request.delete().toBuilder().objects(there).build()).build());
  }

  private static AwsServiceException notFound(String code) {
    return S3Exception.builder()
        .statusCode(404)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(code).build())
        .build();
  }

  private boolean isBeneathAnObject(String bucket, String key) {
    Path path = folder.resolve(bucket).resolve(key);
    for (Path above = path.getParent(); above.startsWith(folder); above = above.getParent()) {
      if (Files.isRegularFile(above)) {
        return true;
      }
    }
    return false;
  }
}
